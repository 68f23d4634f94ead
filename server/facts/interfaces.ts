import type { Inventory, PciFunction } from '../../host/inventory.ts';

const indexes = new WeakMap<Inventory, ReadonlyMap<string, PciFunction>>();

/** The function that something with a kernel's name hangs on: `usb1`, `enp3s0`, `nvme0n1`. */
export function functionOfInterface(inventory: Inventory, name: string): PciFunction | undefined {
  let index = indexes.get(inventory);
  if (!index) {
    index = new Map(inventory.functions.flatMap(fn => (fn.interfaces ?? []).map(one => [one, fn] as const)));
    indexes.set(inventory, index);
  }
  return index.get(name);
}
