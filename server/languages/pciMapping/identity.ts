import { functionAt, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import { type PciAddress, parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { Edit } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { type MapEntry, partOf } from './config.ts';

/** The properties by which Proxmox recognises a device before it hands it over. */
export const identityKeys = ['id', 'iommugroup', 'subsystem-id'] as const;
export type IdentityKey = (typeof identityKeys)[number];

/**
 * What a host has for a property: text to compare with, `null` where the device is known to have none, `undefined` where
 * the host did not say.
 */
export type Identity = Readonly<Record<IdentityKey, string | null | undefined>>;

/** Source: pve-guest-common 6.0.2, PVE/Mapping/PCI.pm assert_valid; compared as text, the host's hex digits in lower case. */
export const identityOf = (fn: PciFunction): Identity => ({
  id: joined(fn.vendorId, fn.deviceId),
  iommugroup: fn.iommuGroup === null ? null : fn.iommuGroup?.toString(),
  'subsystem-id': joined(fn.subsystemVendorId, fn.subsystemDeviceId),
});

/** The address whose attributes count for one item of `path=`: function 0 where the item names a whole device. */
export function comparedAddress(item: string): PciAddress | undefined {
  const found = parseSlotOrFunction(item);
  return found && (found.function ?? (`${found.slot}.0` as PciAddress));
}

/** The function whose attributes count for one item of `path=`, where the host has it. */
export function comparedFunction(inventory: Inventory | undefined, item: string): PciFunction | undefined {
  const address = comparedAddress(item);
  return inventory && address && functionAt(inventory, address);
}

/** The value of a whole `map` line for a device, keys in the order in which Proxmox writes them. */
export function mapValue(node: string, path: string, fn: PciFunction): string {
  const values: Record<string, string | null | undefined> = { ...identityOf(fn), node, path };
  return Object.keys(values)
    .filter(key => values[key] != null)
    .sort()
    .map(key => `${key}=${values[key]}`)
    .join(',');
}

/** What is known of a device, for `changeProperties`: `null` for what it is known not to have. */
export function knownIdentity(fn: PciFunction): Readonly<Record<string, string | null>> {
  const known: Record<string, string | null> = {};
  for (const [key, text] of Object.entries(identityOf(fn))) if (text !== undefined) known[key] = text;
  return known;
}

/** Sets, adds or (with `null`) takes away sub-properties of a `map` line. New ones go to its end, in one edit. */
export function changeProperties(entry: MapEntry, wanted: Readonly<Record<string, string | null>>): readonly Edit[] {
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const [key, text] of Object.entries(wanted)) {
    const index = entry.parts.findIndex(part => part.hasEquals && part.key.text === key);
    const part = entry.parts[index];
    if (!part) added.push(...(text === null ? [] : [`${key}=${text}`]));
    else if (text === null) edits.push(removePart(entry, index));
    else if (part.value.text !== text) edits.push({ span: tokenSpan(entry.line, part.value), text });
  }
  const { value, line } = entry;
  const separator = value.text === '' || value.text.endsWith(',') ? '' : ',';
  if (added.length > 0) edits.push({ span: span(line, value.end, value.end), text: separator + added.join(',') });
  return edits;
}

/** Takes a part out of a `map` line, together with one of the commas beside it. */
function removePart({ line, parts }: MapEntry, index: number): Edit {
  const next = parts[index + 1];
  const from = next ? parts[index]?.whole.start : (parts[index - 1]?.whole.end ?? parts[index]?.whole.start);
  const to = next ? next.whole.start : parts[index]?.whole.end;
  return { span: span(line, from ?? 0, to ?? 0), text: '' };
}

/** Functions of a host that are the device which an entry describes, wherever they are now. */
export function functionsLike(inventory: Inventory, entry: MapEntry): readonly PciFunction[] {
  const id = partOf(entry, 'id')?.value.text.toLowerCase();
  const subsystem = partOf(entry, 'subsystem-id')?.value.text.toLowerCase();
  return inventory.functions.filter(fn => {
    const identity = identityOf(fn);
    return (
      id !== undefined && identity.id === id && (subsystem === undefined || identity['subsystem-id'] === subsystem)
    );
  });
}

const joined = (vendor: string | undefined, device: string | undefined): string | undefined =>
  vendor !== undefined && device !== undefined ? `${vendor}:${device}` : undefined;
