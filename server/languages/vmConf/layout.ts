import { Recent } from '../../text/recent.ts';
import { isRefused, readLine, storedKeyOf } from './read.ts';
import { optionOf } from './schema.ts';
import { perBody, type Section, type VmLine } from './tree.ts';

/** Which line of a section counts for which key. Offsets count from the section's first line. */
export interface Layout {
  /** The line in force by key, in its stored spelling. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Valid lines that a later valid one (`by`) with the same key puts out of force. */
  readonly overridden: readonly { readonly offset: number; readonly by: number }[];
  /** The keys of a family by index: `hostpci0`, `hostpci1`. */
  members(family: string): readonly string[];
}

/** The layout of a section; refused lines count for nothing. */
export const layoutOf = perBody((section): Layout => {
  const keys = section.body.map(node => keyInForce(node, section)).join('\n');
  return keys.length <= longest ? shared.get(keys, layoutWith) : layoutWith(keys);
});

/** The VMs of a host have few layouts, and a keystroke in a value changes none. */
const shared = new Recent<Layout>(256);
const longest = 8192;

/** The members of a family among keys, by index. */
export function membersAmong(keys: Iterable<string>, family: string): readonly string[] {
  const members: string[] = [];
  for (const key of keys) {
    // `numa` is an option, and `numa0` a member of another family.
    if (key.length === family.length || !key.startsWith(family)) continue;
    const option = optionOf(key);
    if (option?.name === family && option.index !== undefined) members.push(key);
  }
  return members.sort((a, b) => indexOf(a) - indexOf(b));
}

const indexOf = (key: string): number => optionOf(key)?.index ?? 0;

/** '' for a line that sets nothing. */
function keyInForce(node: VmLine, section: Section): string {
  if (node.kind !== 'entry' && node.kind !== 'args') return '';
  return isRefused(readLine(node, section), undefined) === true ? '' : storedKeyOf(node, section.kind);
}

/** @param joined what each line sets, with line feeds between them */
function layoutWith(joined: string): Layout {
  const keys = joined.split('\n');
  const offsets = new Map<string, number>();
  const overridden: { offset: number; by: number }[] = [];
  for (let offset = keys.length - 1; offset >= 0; offset--) {
    const key = keys[offset] as string;
    const by = offsets.get(key);
    if (by !== undefined) overridden.push({ offset, by });
    else if (key !== '') offsets.set(key, offset);
  }
  const families = new Map<string, readonly string[]>();
  const members = (family: string): readonly string[] => {
    let known = families.get(family);
    if (!known) {
      known = membersAmong(offsets.keys(), family);
      families.set(family, known);
    }
    return known;
  };
  return { offsets, overridden: overridden.reverse(), members };
}
