import { hostCopies, knownAmong, siteOf } from '../facts/hostCopies.ts';
import type { SourceFile } from '../languages/language.ts';
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

/** What the host's files lie in; without a site its own copies lie where its snapshot does. */
const rootOf = (world: World, snapshot: Snapshot): string => siteOf(world, snapshot) ?? snapshot.root ?? snapshot.uri;

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
  const isKnown = knownAmong(own);
  const copies = hostCopies(snapshot, root).filter(copy => !isKnown(copy));
  const files = new Map([...own, ...copies].map(file => [file.uri, file] as const));
  return { root, snapshot, world: { ...world, files, snapshots: [snapshot, ...others] } };
}

const isOfCluster = ({ place }: SourceFile): boolean => place.path.startsWith('/etc/pve/');
