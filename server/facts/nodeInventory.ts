import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
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
  for (const { place } of world.files.values()) {
    if (place.root === file.place.root && place.node !== undefined) names.add(place.node);
  }
  return [...names].sort();
}

/** The members of the cluster, where one of its hosts has told them all; `undefined` where none did. */
export function clusterMembers(world: World, file: SourceFile): ReadonlySet<string> | undefined {
  for (const { inventory } of snapshotsNear(world, file)) {
    const nodes = inventory.cluster?.nodes;
    if (nodes && nodes.length > 0) return new Set(nodes.map(({ name }) => name));
  }
  return undefined;
}

/** Snapshots of the file's site, then those that were handed in without one. */
function snapshotsNear(world: World, file: SourceFile): readonly Snapshot[] {
  const own = world.snapshots.filter(({ root }) => root === file.place.root);
  return [...own, ...world.snapshots.filter(({ root }) => root === undefined)];
}
