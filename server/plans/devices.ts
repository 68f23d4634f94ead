import { functionAt, type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { compareAddresses, type PciAddress, slotOf } from '../../host/pciAddress.ts';
import { membersOfGroup, membersOfSlot } from '../facts/handovers.ts';

/** The functions of a host at some addresses; those that it does not have are left out. */
export const functionsAt = (inventory: Inventory, addresses: readonly string[]): readonly PciFunction[] =>
  addresses.flatMap(address => functionAt(inventory, address as PciAddress) ?? []);

/**
 * What a guest gets when it shall have some functions whole: those, and the other functions of their cards that leave the
 * host with them. The audio function of a graphics card belongs to it in any case. Sorted by address.
 */
export function wholeDevices(inventory: Inventory, asked: readonly PciFunction[]): readonly PciFunction[] {
  const all = new Set(asked.flatMap(fn => [fn, ...companionsOnCard(inventory, fn)]));
  return [...all].sort((a, b) => compareAddresses(a.address, b.address));
}

/** What else is in the IOMMU groups of some functions and leaves its driver with them; bridges stay. */
export function groupCompany(inventory: Inventory, functions: readonly PciFunction[]): readonly PciFunction[] {
  const groups = new Set(functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number'));
  return [...groups]
    .flatMap(group => membersOfGroup(inventory, group))
    .filter(fn => !functions.includes(fn) && !isPassiveMember(fn));
}

/** True for graphics of any kind, those without outputs too. */
export const isDisplay = (fn: PciFunction): boolean => fn.classId?.startsWith('03') === true;

/** True for what can show a screen: a 3D controller has no outputs, and a VF shows nothing. */
export const isScreen = (fn: PciFunction): boolean =>
  /^03(?:00|01|80)$/.test(fn.classId ?? '') && fn.physicalFunction === undefined;

export const isStorage = (fn: PciFunction): boolean => fn.classId?.startsWith('01') === true;

/** What sits on bus 0, or beside bridges and dummy functions, is a piece of the chipset that shares a slot. */
export const isOnCard = (inventory: Inventory, fn: PciFunction): boolean =>
  fn.physicalFunction === undefined &&
  !/^[0-9a-f]+:00:/.test(fn.address) &&
  !membersOfSlot(inventory, slotOf(fn.address)).some(isPassiveMember);

function companionsOnCard(inventory: Inventory, fn: PciFunction): readonly PciFunction[] {
  if (!isOnCard(inventory, fn)) return [];
  return membersOfSlot(inventory, slotOf(fn.address)).filter(
    other =>
      other !== fn &&
      other.physicalFunction === undefined &&
      (isDisplay(fn) || (typeof fn.iommuGroup === 'number' && other.iommuGroup === fn.iommuGroup)),
  );
}
