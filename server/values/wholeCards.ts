import { functionAt, type Inventory, slotMembers } from '../../host/inventory.ts';
import { type PciAddress, slotOf } from '../../host/pciAddress.ts';

/** Addresses as one would write them: `0000:01:00` where all functions of a card are among them, else each by itself. */
export function wholeCards(addresses: readonly string[], inventory: Inventory | undefined): readonly string[] {
  const bySlot = new Map<string, string[]>();
  for (const address of addresses) {
    const slot = slotOf(address as PciAddress);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), address]);
  }
  return [...bySlot].flatMap(([slot, members]) => {
    const all = inventory ? slotMembers(inventory, slot) : [];
    const isVf = inventory && functionAt(inventory, members[0] as PciAddress)?.physicalFunction !== undefined;
    return all.length > 1 && !isVf && all.every(fn => members.includes(fn.address)) ? [slot] : members;
  });
}
