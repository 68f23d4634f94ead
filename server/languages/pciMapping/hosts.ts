import type { Inventory } from '../../../host/inventory.ts';
import type { Surroundings } from '../language.ts';

/** What is known of a node; where no node is said, what is known of the only host. */
export const inventoryFor = (around: Surroundings, node: string | undefined): Inventory | undefined =>
  node === undefined || node === '' ? around.inventory : around.inventoryOfNode(node);

/** The nodes of which the devices are known, with what is known of them. */
export const knownHosts = (around: Surroundings): readonly { readonly node: string; readonly inventory: Inventory }[] =>
  around.nodes.flatMap(node => {
    const inventory = around.inventoryOfNode(node);
    return inventory ? [{ node, inventory }] : [];
  });
