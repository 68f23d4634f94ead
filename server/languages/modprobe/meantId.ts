import { deviceLabel, type Inventory, isPassiveMember, type PciFunction } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import { distance } from '../../text/nearest.ts';
import { type DeviceId, hasId, type IdEntry, idText } from './vfioIds.ts';

/** A present id in place of one that no device has. */
export interface Meant {
  readonly text: string;
  readonly label: string;
  /** How many letters differ. */
  readonly far: number;
}

/**
 * The present id that was most likely meant, of those that are not listed: one that is written almost alike, or one of the
 * same vendor that belongs to a listed card or is the only one.
 */
export function meantBy(inventory: Inventory, entry: IdEntry, entries: readonly IdEntry[]): Meant | undefined {
  const written = entry.token.text.toLowerCase();
  const taken = inventory.functions.filter(fn => entries.some(({ id }) => id && hasId(fn, id)));
  const slots = new Set(taken.map(fn => slotOf(fn.address)));
  const free = inventory.functions.filter(fn => idText(fn) && !isPassiveMember(fn) && !taken.includes(fn));
  const isOfVendor = (fn: PciFunction): boolean => fn.vendorId === written.slice(0, 4);
  const only = new Set(free.filter(isOfVendor).map(idText)).size === 1;
  const near = free
    .map(fn => ({ fn, text: idText(fn) ?? '', label: deviceLabel(fn), far: distance(written, idText(fn) ?? '') }))
    .filter(({ fn, far }) => far <= 1 || (isOfVendor(fn) && (far <= 2 || only || slots.has(slotOf(fn.address)))));
  return near.sort((a, b) => a.far - b.far)[0];
}

/** VFs that do not exist yet have ids which the host cannot show. */
export const mayBeVirtualFunction = (inventory: Inventory, id: DeviceId): boolean =>
  inventory.functions.some(
    fn => (fn.vfTotal ?? 0) > 0 && (fn.vfCount ?? 0) === 0 && Number.parseInt(fn.vendorId ?? '', 16) === id.vendor,
  );
