import { matchesWildcard } from './wildcard.ts';

interface Named {
  readonly name: string;
}

/** Where the first entry of each plain name stands, and all entries whose name is a pattern. */
interface Index {
  readonly plain: ReadonlyMap<string, number>;
  readonly patterns: readonly number[];
}

const indexes = new WeakMap<readonly Named[], Index>();

/** The first entry whose name, perhaps with wildcards, is that of a module. A list is looked through once. */
export function firstFor<Entry extends Named>(entries: readonly Entry[], module: string): Entry | undefined {
  const { plain, patterns } = indexOf(entries);
  const own = plain.get(module) ?? entries.length;
  const found = patterns.find(at => at < own && matchesWildcard((entries[at] as Entry).name, module)) ?? own;
  return entries[found];
}

/** The first entry of exactly this name. */
export const firstNamed = <Entry extends Named>(entries: readonly Entry[], module: string): Entry | undefined =>
  entries[indexOf(entries).plain.get(module) ?? entries.length];

/** True where an entry has exactly this name. */
export const isNamed = (entries: readonly Named[], module: string): boolean => indexOf(entries).plain.has(module);

function indexOf(entries: readonly Named[]): Index {
  let index = indexes.get(entries);
  if (!index) {
    const plain = new Map<string, number>();
    const patterns: number[] = [];
    entries.forEach(({ name }, at) => {
      if (!plain.has(name)) plain.set(name, at);
      if (/[*?[\\]/.test(name)) patterns.push(at);
    });
    index = { plain, patterns };
    indexes.set(entries, index);
  }
  return index;
}
