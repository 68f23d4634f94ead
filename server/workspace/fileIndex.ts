import type { SourceFile } from '../languages/language.ts';
import { FileMap } from './fileMap.ts';

/** What an index needs of a world. */
interface FilesAndHosts {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly snapshots: readonly object[];
}

/**
 * Finds the files that have a key without asking all of them. The keys of a file are worked out once per version of it, and
 * after a keystroke only the file that changed is put elsewhere: the work grows with the change, not with the world.
 * `keysOf` may depend on nothing but the file and what the hosts said (`world.snapshots`).
 */
export class FileIndex<World extends FilesAndHosts, Tree = unknown> {
  readonly #keysOf: (file: SourceFile, world: World) => Iterable<string>;
  /** Worlds that come from each other share a table; it is brought to the state of the one that is asked about. */
  readonly #tables = new WeakMap<ReadonlyMap<string, SourceFile>, Table>();

  constructor(keysOf: (file: SourceFile, world: World) => Iterable<string>) {
    this.#keysOf = keysOf;
  }

  /** The files that have a key, sorted by URI. The same array as long as none of them changes. */
  get(world: World, key: string): readonly SourceFile<Tree>[] {
    return (this.#table(world).lists.get(key) ?? none) as readonly SourceFile<Tree>[];
  }

  /** The keys that some file has, in no order. */
  keys(world: World): Iterable<string> {
    return this.#table(world).lists.keys();
  }

  #table(world: World): Table {
    const files = FileMap.of(world.files);
    let table = this.#tables.get(files.base);
    if (table?.snapshots !== world.snapshots) {
      table = this.#build(files.base, world);
      this.#tables.set(files.base, table);
    }
    if (table.files.changes !== files.changes) this.#update(table, files, world);
    return table;
  }

  #build(base: ReadonlyMap<string, SourceFile>, world: World): Table {
    const lists = new Map<string, SourceFile[]>();
    const keys = new Map<string, ReadonlySet<string>>();
    for (const file of [...base.values()].sort(byUri)) {
      const own = new Set(this.#keysOf(file, world));
      if (own.size > 0) keys.set(file.uri, own);
      for (const key of own) {
        const list = lists.get(key);
        if (list) list.push(file);
        else lists.set(key, [file]);
      }
    }
    return { snapshots: world.snapshots, files: new FileMap(base), lists, keys };
  }

  #update(table: Table, files: FileMap, world: World): void {
    for (const uri of new Set([...table.files.changes.keys(), ...files.changes.keys()])) {
      const file = files.get(uri);
      if (table.files.get(uri) !== file) exchange(table, uri, file, new Set(file ? this.#keysOf(file, world) : none));
    }
    table.files = files;
  }
}

interface Table {
  readonly snapshots: readonly object[];
  /** The files that the lists are about. */
  files: FileMap;
  readonly lists: Map<string, readonly SourceFile[]>;
  /** The keys of each file that has some, by its URI. */
  readonly keys: Map<string, ReadonlySet<string>>;
}

const none: readonly never[] = [];

const byUri = (a: SourceFile, b: SourceFile): number => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0);

/** Puts a version of a file in place of the one before; `undefined` where it is gone. */
function exchange(table: Table, uri: string, file: SourceFile | undefined, own: ReadonlySet<string>): void {
  const before = table.keys.get(uri) ?? new Set();
  for (const key of new Set([...before, ...own])) {
    const old = table.lists.get(key) ?? none;
    const at = placeIn(old, uri);
    const behind = before.has(key) ? at + 1 : at;
    const list = [...old.slice(0, at), ...(file && own.has(key) ? [file] : []), ...old.slice(behind)];
    if (list.length > 0) table.lists.set(key, list);
    else table.lists.delete(key);
  }
  if (own.size > 0) table.keys.set(uri, own);
  else table.keys.delete(uri);
}

/** Where a URI stands in a sorted list, or would stand. */
function placeIn(list: readonly SourceFile[], uri: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as SourceFile).uri < uri) low = middle + 1;
    else high = middle;
  }
  return low;
}
