import { deviceLabel, type Inventory, isPassiveMember, type PciFunction } from '../../../host/inventory.ts';
import { shortAddress, slotOf } from '../../../host/pciAddress.ts';
import { idText } from './vfioIds.ts';

/** One thing to offer for an `ids` list: a function's id, or the ids of all functions of a slot. */
export interface IdChoice {
  /** `10de:1b80`, or several joined by commas. */
  readonly ids: readonly string[];
  /** The functions that the first id and its companions were taken from; several functions may share an id. */
  readonly functions: readonly PciFunction[];
}

/**
 * Devices of a host by id, without bridges and those that are listed already. Slots with several ids come as one choice
 * before their single functions.
 */
export function idChoices(inventory: Inventory, listed: ReadonlySet<string>): readonly IdChoice[] {
  const usable = inventory.functions.filter(fn => !isPassiveMember(fn) && idText(fn) !== undefined);
  const choices: IdChoice[] = [];
  const seen = new Set(listed);
  for (const members of bySlot(usable)) {
    const ids = [...new Set(members.map(fn => idText(fn) as string))].filter(id => !seen.has(id));
    if (ids.length > 1) choices.push({ ids, functions: members.filter(fn => ids.includes(idText(fn) as string)) });
    for (const id of ids) choices.push({ ids: [id], functions: usable.filter(fn => idText(fn) === id) });
    for (const id of ids) seen.add(id);
  }
  return choices;
}

/** `01:00.0 GeForce GTX 1080`, joined for several. */
export const namesOf = (functions: readonly PciFunction[]): string =>
  functions.map(fn => `${shortAddress(fn.address)} ${deviceLabel(fn)}`).join(', ');

/** `nouveau`, `no driver`, or nothing where the host did not say. */
export const driverText = (fn: PciFunction): string | undefined => (fn.driver === null ? 'no driver' : fn.driver);

export const groupText = (fn: PciFunction): string | undefined =>
  fn.iommuGroup === null ? 'no group' : fn.iommuGroup === undefined ? undefined : `group ${fn.iommuGroup}`;

function bySlot(functions: readonly PciFunction[]): readonly (readonly PciFunction[])[] {
  const slots = new Map<string, PciFunction[]>();
  for (const fn of functions) {
    const slot = slotOf(fn.address);
    slots.set(slot, [...(slots.get(slot) ?? []), fn]);
  }
  return [...slots.values()];
}
