import { emptyInventory, type Inventory, type PackageVersions } from '../../host/inventory.ts';
import type { Language, SourceFile } from '../languages/language.ts';
import { FileIndex } from './fileIndex.ts';
import { FileMap } from './fileMap.ts';

/**
 * Everything known at one moment: files with their trees, and what the hosts said. Immutable; a change makes another
 * World, so that facts can be kept per World and a slow request keeps a consistent view.
 */
export interface World {
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The sites found: a site is a directory that holds an `etc/`. */
  readonly snapshots: readonly Snapshot[];
  /** Versions to assume where no host says them (a setting). */
  readonly assumedVersions: PackageVersions;
  /** The same by site (`Place.root`), where one says it of itself; these go before `assumedVersions`. */
  readonly siteVersions?: ReadonlyMap<string, PackageVersions>;
}

/** What a host said, and where the text of it came from. */
export interface Snapshot {
  readonly uri: string;
  /** The site that it lies in (`Place.root`); `undefined` where it was handed in from elsewhere. */
  readonly root: string | undefined;
  readonly inventory: Inventory;
  /** What the host said before, where that was kept. */
  readonly previous?: Inventory;
}

export const emptyWorld: World = {
  files: new FileMap(new Map()),
  snapshots: [],
  assumedVersions: emptyInventory.versions,
};

export const withFile = (world: World, file: SourceFile): World => withFiles(world, [file]);

/** The same for many: a site that was read. */
export function withFiles(world: World, files: readonly SourceFile[]): World {
  const changed = files.filter(file => world.files.get(file.uri) !== file);
  if (changed.length === 0) return world;
  return { ...world, files: FileMap.of(world.files).with(changed.map(file => [file.uri, file])) };
}

export function withoutFile(world: World, uri: string): World {
  return world.files.has(uri) ? { ...world, files: FileMap.of(world.files).with([[uri, undefined]]) } : world;
}

export function withSnapshot(world: World, snapshot: Snapshot): World {
  const others = world.snapshots.filter(known => known.uri !== snapshot.uri);
  return { ...world, snapshots: [...others, snapshot] };
}

export const withoutSnapshot = (world: World, uri: string): World => ({
  ...world,
  snapshots: world.snapshots.filter(known => known.uri !== uri),
});

const byLanguage = new FileIndex<World>(({ place }) => [place.language]);

/** All files of one language, typed, by URI. The same array as long as none of them changes. */
export function filesOf<Tree>(world: World, language: Language<Tree>): readonly SourceFile<Tree>[] {
  return byLanguage.get(world, language.id) as readonly SourceFile<Tree>[];
}

/** Files of a language that belong to the same site; of the same node too where both say theirs. */
export function siblingsOf<Tree>(
  world: World,
  file: SourceFile,
  language: Language<Tree>,
): readonly SourceFile<Tree>[] {
  return filesOf(world, language).filter(other => sameNode(other, file));
}

/** What is known of the host a file belongs to. `undefined` when nothing is, or when it could be another host. */
export function inventoryOf(world: World, file: SourceFile): Inventory | undefined {
  const { root, node } = file.place;
  const known = byPlace.get(world.snapshots) ?? new Map<string, Map<string | undefined, Inventory | undefined>>();
  byPlace.set(world.snapshots, known);
  const nodes = known.get(root) ?? new Map<string | undefined, Inventory | undefined>();
  known.set(root, nodes);
  if (!nodes.has(node)) nodes.set(node, inventoryAt(world, root, node));
  return nodes.get(node);
}

export const versionsOf = (world: World, file: SourceFile): PackageVersions =>
  inventoryOf(world, file)?.versions ?? world.siteVersions?.get(file.place.root) ?? world.assumedVersions;

/** True where two files can belong to one node: the same site, and not two different `nodes/NAME`. */
export const sameNode = (a: SourceFile, b: SourceFile): boolean =>
  a.place.root === b.place.root &&
  (a.place.node === undefined || b.place.node === undefined || a.place.node === b.place.node);

/** Rules ask for it at every line. */
const byPlace = new WeakMap<World['snapshots'], Map<string, Map<string | undefined, Inventory | undefined>>>();

function inventoryAt({ snapshots }: World, root: string, node: string | undefined): Inventory | undefined {
  const here = snapshots.filter(snapshot => snapshot.root === undefined || snapshot.root === root);
  if (node !== undefined) {
    const named = here.find(snapshot => snapshot.inventory.node === node);
    if (named) return named.inventory;
    const nameless = here.filter(snapshot => snapshot.inventory.node === undefined);
    return nameless.length === 1 && here.length === 1 ? nameless[0]?.inventory : undefined;
  }
  const own = here.filter(snapshot => snapshot.root === root);
  if (own.length > 0) return own.length === 1 ? own[0]?.inventory : undefined;
  return here.length === 1 ? here[0]?.inventory : undefined;
}
