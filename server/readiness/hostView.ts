import { keptFileUri } from '../facts/hostWorld.ts';
import { languages } from '../languages/index.ts';
import type { SourceFile } from '../languages/language.ts';
import { readSource } from '../workspace/load.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';

/** A host with everything that is known of it, the hosts of its cluster around it. */
export interface HostView {
  readonly world: World;
  readonly snapshot: Snapshot;
  /** What the host's files have as `Place.root`. */
  readonly root: string;
}

const views = new WeakMap<World, WeakMap<Snapshot, Map<string, HostView>>>();

/**
 * The world as one host is in it: files of the workspace that are certainly its own, and for every other file the copy
 * that the host sent along, whatever its language. With `root` the files of that site are meant.
 */
export function hostView(world: World, snapshot: Snapshot, root = rootOf(world, snapshot)): HostView {
  const ofWorld = views.get(world) ?? new WeakMap<Snapshot, Map<string, HostView>>();
  views.set(world, ofWorld);
  const ofSnapshot = ofWorld.get(snapshot) ?? new Map<string, HostView>();
  ofWorld.set(snapshot, ofSnapshot);
  let view = ofSnapshot.get(root);
  if (!view) {
    view = makeView(world, snapshot, root);
    ofSnapshot.set(root, view);
  }
  return view;
}

/** The snapshot of the host that a file belongs to. */
export function snapshotOf(world: World, file: SourceFile): Snapshot | undefined {
  const inventory = inventoryOf(world, file);
  return inventory && world.snapshots.find(snapshot => snapshot.inventory === inventory);
}

/** A snapshot that came without a site belongs to the one whose files are known to be of the same host. */
function rootOf(world: World, snapshot: Snapshot): string {
  if (snapshot.root !== undefined) return snapshot.root;
  for (const file of world.files.values()) {
    if (file.place.root !== '' && inventoryOf(world, file) === snapshot.inventory) return file.place.root;
  }
  return snapshot.uri;
}

function makeView(world: World, snapshot: Snapshot, root: string): HostView {
  const { inventory } = snapshot;
  const others = world.snapshots.filter(
    other =>
      other !== snapshot &&
      (other.root === undefined || other.root === root) &&
      other.inventory.node !== undefined &&
      other.inventory.node !== inventory.node,
  );
  const own = [...world.files.values()].filter(
    file => file.place.root === root && (isOfCluster(file) || inventoryOf(world, file) === inventory),
  );
  const known = new Set(own.map(file => keyOf(file, inventory.node)));
  const copies = keptFiles(snapshot, root).filter(file => !known.has(keyOf(file, inventory.node)));
  const files = new Map([...own, ...copies].map(file => [file.uri, file] as const));
  return { root, snapshot, world: { ...world, files, snapshots: [snapshot, ...others] } };
}

const isOfCluster = ({ place }: SourceFile): boolean => place.path.startsWith('/etc/pve/');

/** A guest is the same wherever its file lies on the host; everything else goes by its path. */
const keyOf = ({ place }: SourceFile, node: string | undefined): string =>
  place.vmid === undefined ? place.path : `${place.language} ${place.node ?? node} ${place.vmid}`;

const kept = new WeakMap<Snapshot, Map<string, readonly SourceFile[]>>();

/** The copies that a host sent along. What is its own, and not the cluster's, says so by its node. */
function keptFiles(snapshot: Snapshot, root: string): readonly SourceFile[] {
  const ofSnapshot = kept.get(snapshot) ?? new Map<string, readonly SourceFile[]>();
  kept.set(snapshot, ofSnapshot);
  let files = ofSnapshot.get(root);
  if (!files) {
    files = [...snapshot.inventory.files].flatMap(([path, { text }]) => readKept(snapshot, root, path, text) ?? []);
    ofSnapshot.set(root, files);
  }
  return files;
}

function readKept(snapshot: Snapshot, root: string, path: string, text: string): SourceFile | undefined {
  const file = readSource(path, text, languages);
  if (!file) return undefined;
  const node = file.place.node ?? (isOfCluster(file) ? undefined : snapshot.inventory.node);
  return { ...file, uri: keptFileUri(snapshot, path), place: { ...file.place, root, node } };
}
