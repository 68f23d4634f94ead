import { emptyInventory, type Inventory, type PackageVersions } from '../../host/inventory.ts';
import type { Language, LanguageId, SourceFile } from '../languages/language.ts';

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

export const emptyWorld: World = { files: new Map(), snapshots: [], assumedVersions: emptyInventory.versions };

export function withFile(world: World, file: SourceFile): World {
  if (world.files.get(file.uri) === file) return world;
  return { ...world, files: new Map(world.files).set(file.uri, file) };
}

export function withoutFile(world: World, uri: string): World {
  if (!world.files.has(uri)) return world;
  const files = new Map(world.files);
  files.delete(uri);
  return { ...world, files };
}

export function withSnapshot(world: World, snapshot: Snapshot): World {
  const others = world.snapshots.filter(known => known.uri !== snapshot.uri);
  return { ...world, snapshots: [...others, snapshot] };
}

export const withoutSnapshot = (world: World, uri: string): World => ({
  ...world,
  snapshots: world.snapshots.filter(known => known.uri !== uri),
});

/** All files of one language, typed. */
export function filesOf<Tree>(world: World, language: Language<Tree>): readonly SourceFile<Tree>[] {
  return (byLanguage(world).get(language.id) ?? []) as readonly SourceFile<Tree>[];
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
  return inventories(world)(file);
}

export const versionsOf = (world: World, file: SourceFile): PackageVersions =>
  inventoryOf(world, file)?.versions ?? world.assumedVersions;

/** True where two files can belong to one node: the same site, and not two different `nodes/NAME`. */
export const sameNode = (a: SourceFile, b: SourceFile): boolean =>
  a.place.root === b.place.root &&
  (a.place.node === undefined || b.place.node === undefined || a.place.node === b.place.node);

const perWorld = new WeakMap<World, Map<string, readonly SourceFile[]>>();

function byLanguage(world: World): ReadonlyMap<LanguageId | string, readonly SourceFile[]> {
  let lists = perWorld.get(world);
  if (!lists) {
    const fresh = new Map<string, SourceFile[]>();
    for (const file of world.files.values()) {
      const list = fresh.get(file.place.language);
      if (list) list.push(file);
      else fresh.set(file.place.language, [file]);
    }
    lists = fresh;
    perWorld.set(world, lists);
  }
  return lists;
}

function inventories(world: World): (file: SourceFile) => Inventory | undefined {
  return file => {
    const { root, node } = file.place;
    const here = world.snapshots.filter(snapshot => snapshot.root === undefined || snapshot.root === root);
    if (node !== undefined) {
      const named = here.find(snapshot => snapshot.inventory.node === node);
      if (named) return named.inventory;
      const nameless = here.filter(snapshot => snapshot.inventory.node === undefined);
      return nameless.length === 1 && here.length === 1 ? nameless[0]?.inventory : undefined;
    }
    const own = here.filter(snapshot => snapshot.root === root);
    if (own.length > 0) return own.length === 1 ? own[0]?.inventory : undefined;
    return here.length === 1 ? here[0]?.inventory : undefined;
  };
}
