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
    needs: ['hostpciN'],
    ...rule,
    *find(start) {
      for (const given of givenIn(start)) yield* find(given);
    },
  });

const kept = new WeakMap<Start, readonly Given[]>();

/** The same for all rules that look at a start one after the other. */
function givenIn(start: Start): readonly Given[] {
  let given = kept.get(start);
  if (!given) {
    const inventory = inventoryOf(start.world, start.file);
    given = inventory ? handoversOf(start.world, start.file).map(handover => ({ ...start, inventory, handover })) : [];
    kept.set(start, given);
  }
  return given;
}

/** `0000:01:00.0 (GeForce RTX 3050)`. */
export const named = (fn: PciFunction): string => `${fn.address} (${deviceLabel(fn)})`;

/** `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
