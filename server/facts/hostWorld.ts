import type { LanguageId, SourceFile } from '../languages/language.ts';
import { FileIndex } from '../workspace/fileIndex.ts';
import { FileMap } from '../workspace/fileMap.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';
import { canBeOneNode, hostCopies, keyOnHost } from './hostCopies.ts';

/** Files of these languages tell who uses which device. */
const telling: readonly LanguageId[] = ['pve-vm-conf', 'pve-ct-conf', 'pve-mapping'];

const worlds = new WeakMap<World, WeakMap<Snapshot, Map<string | undefined, World>>>();

/**
 * The world as the host of a snapshot is in it: for guests and mappings of which the workspace has no file stand the
 * copies that the host sent along (`hostCopies`).
 * @param root the site that the host belongs to; by default the one that the snapshot lies in
 */
export function hostWorld(world: World, snapshot: Snapshot, root = snapshot.root): World {
  const known = entry(worlds, world, () => new WeakMap<Snapshot, Map<string | undefined, World>>());
  const byRoot = entry(known, snapshot, () => new Map<string | undefined, World>());
  return entry(byRoot, root, () => wholeWorld(world, snapshot, root));
}

/**
 * The same for the host of a file: what a service may tell of other guests. A guest without an id could be any of those
 * that the host has.
 */
export function worldAround(world: World, file: SourceFile): World {
  const { root } = file.place;
  const inventory = root === '' ? undefined : inventoryOf(world, file);
  const snapshot = inventory && world.snapshots.find(one => one.inventory === inventory);
  return snapshot ? hostWorld(world, snapshot, root) : world;
}

/** The files of many worlds, one after the other keystroke, with the copies that the first of them lacked. */
interface Merged {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly added: ReadonlySet<SourceFile>;
}

const merged = new WeakMap<ReadonlyMap<string, SourceFile>, WeakMap<Snapshot, Map<string | undefined, Merged>>>();

/**
 * The copies go into the map that a world shares with those before and after it, so that indexes over the files live from
 * keystroke to keystroke; what the world has otherwise than that map comes on top.
 */
function wholeWorld(world: World, snapshot: Snapshot, root: string | undefined): World {
  const missing = keptFiles(snapshot, root).filter(file => !isInWorld(world, root, file));
  if (missing.length === 0) return world;
  const { base, changes } = FileMap.of(world.files);
  const known = entry(merged, base, () => new WeakMap<Snapshot, Map<string | undefined, Merged>>());
  const byRoot = entry(known, snapshot, () => new Map<string | undefined, Merged>());
  const { files, added } = entry(byRoot, root, () => ({
    files: new Map([...base, ...missing.map(file => [file.uri, file] as const)]),
    added: new Set(missing),
  }));
  const now = new Set(missing);
  const gone = [...added].filter(file => !now.has(file)).map(file => [file.uri, undefined] as const);
  const late = missing.filter(file => !added.has(file)).map(file => [file.uri, file] as const);
  return { ...world, files: new FileMap(files, new Map([...changes, ...gone, ...late])) };
}

interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** What is kept under a key, made where there is nothing yet. */
function entry<K, V extends object>(cache: Cache<K, V>, key: K, make: () => V): V {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

const keptFiles = (snapshot: Snapshot, root: string | undefined): readonly SourceFile[] =>
  hostCopies(snapshot, root ?? snapshot.uri).filter(({ place }) => telling.includes(place.language));

const byKey = new FileIndex<World>(({ place }) => [keyOnHost(place)]);

const isInWorld = (world: World, root: string | undefined, { place }: SourceFile): boolean =>
  byKey
    .get(world, keyOnHost(place))
    .some(({ place: other }) => canBeOneNode(other, place) && (root === undefined || other.root === root));
