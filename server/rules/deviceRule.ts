import { deviceLabel, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { type Handover, handoversOf } from '../facts/handovers.ts';
import { inventoryOf } from '../workspace/world.ts';
import type { Finding } from './rule.ts';
import { type Start, type StartRule, startRule } from './startRule.ts';

/** What a check of one passed-through device may look at. */
export interface Given extends Start {
  readonly inventory: Inventory;
  readonly handover: Handover;
}

/** A rule about what a `hostpciN` entry comes to on the host that the VM is on. Silent where that host is not known. */
export interface DeviceRule extends Omit<StartRule, 'find'> {
  find(given: Given): Iterable<Finding>;
}

export const deviceRule = ({ find, ...rule }: DeviceRule) =>
  startRule({
    ...rule,
    *find(start) {
      const inventory = inventoryOf(start.world, start.file);
      if (!inventory) return;
      for (const handover of handoversOf(start.world, start.file)) yield* find({ ...start, inventory, handover });
    },
  });

/** `0000:01:00.0 (GeForce RTX 3050)`. */
export const named = (fn: PciFunction): string => `${fn.address} (${deviceLabel(fn)})`;

/** `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
