import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { FileIndex } from '../workspace/fileIndex.ts';
import type { Snapshot, World } from '../workspace/world.ts';

/**
 * What is known of one node of the cluster that a file belongs to. A file of the cluster speaks of many nodes, so this
 * goes by the name alone; a snapshot that does not say its node is nobody's.
 */
export const inventoryOfNode = (world: World, file: SourceFile, node: string): Inventory | undefined =>
  snapshotsNear(world, file).find(({ inventory }) => inventory.node === node)?.inventory;

/** Names of the cluster's nodes: hosts seen, members that a host told of, `nodes/NAME` in paths. Sorted. */
export function nodeNames(world: World, file: SourceFile): readonly string[] {
  const names = new Set<string>();
  for (const { inventory } of snapshotsNear(world, file)) {
    if (inventory.node !== undefined) names.add(inventory.node);
    for (const { name } of inventory.cluster?.nodes ?? []) names.add(name);
  }
  for (const name of nodesInPaths(world, file)) names.add(name);
  return [...names].sort();
}

/**
 * The members of the cluster, where one of its hosts has told them all; `undefined` where none did. A host that belongs
 * to no site may be of another cluster: it counts only where it names one of the nodes that this site has.
 */
export function clusterMembers(world: World, file: SourceFile): ReadonlySet<string> | undefined {
  const here = nodesInPaths(world, file);
  for (const { root, inventory } of snapshotsNear(world, file)) {
    const told = (inventory.cluster?.nodes ?? []).map(({ name }) => name);
    const isOurs = root !== undefined || here.length === 0 || told.some(name => here.includes(name));
    if (told.length > 0 && isOurs) return new Set(told);
  }
  return undefined;
}

const byNode = new FileIndex<World>(({ place }) => (place.node === undefined ? [] : [`${place.root}\n${place.node}`]));

/** `nodes/NAME` in the paths of the file's site. */
export function nodesInPaths(world: World, { place }: SourceFile): readonly string[] {
  const start = `${place.root}\n`;
  return [...byNode.keys(world)].filter(key => key.startsWith(start)).map(key => key.slice(start.length));
}

/** Snapshots of the file's site, then those that were handed in without one. */
function snapshotsNear(world: World, file: SourceFile): readonly Snapshot[] {
  const own = world.snapshots.filter(({ root }) => root === file.place.root);
  return [...own, ...world.snapshots.filter(({ root }) => root === undefined)];
}
