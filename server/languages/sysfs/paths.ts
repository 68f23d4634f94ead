import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { functionAt } from '../../../host/inventory.ts';
import { type PciAddress, parsePciAddress } from '../../../host/pciAddress.ts';
import { type Token, token } from '../../text/span.ts';
import type { SysfsLine } from './tree.ts';

/** A path below /sys in its parts; empty parts of doubled slashes are left out. */
export interface SysfsPath {
  readonly parts: readonly Token[];
  /** The last part: the attribute itself. */
  readonly attribute: string;
  /** Parts that are PCI addresses. */
  readonly addresses: readonly { readonly token: Token; readonly address: PciAddress }[];
}

export function pathOf(line: SysfsLine): SysfsPath {
  const parts: Token[] = [];
  const { text, start } = line.path;
  for (let from = 0; from <= text.length; ) {
    const slash = text.indexOf('/', from);
    const to = slash === -1 ? text.length : slash;
    if (to > from) parts.push({ ...token(text, from, to), start: start + from, end: start + to });
    from = to + 1;
  }
  return {
    parts,
    attribute: parts.at(-1)?.text ?? '',
    addresses: parts.flatMap(part => {
      const address = /^[0-9a-f]{4,}:/.test(part.text) ? parsePciAddress(part.text) : undefined;
      return address ? [{ token: part, address }] : [];
    }),
  };
}

/**
 * The PCI function that an attribute belongs to: the last address of `bus/pci/devices/ADDRESS/…` and `devices/pci…/…`, or
 * the device behind `class/net/NAME/device/…`.
 */
export function functionOf(line: SysfsLine, inventory: Inventory): PciFunction | undefined {
  const { addresses, parts } = pathOf(line);
  const last = addresses.at(-1);
  if (last) return functionAt(inventory, last.address);
  const [kind, , name, link] = parts.map(part => part.text);
  if (kind !== 'class' || name === undefined || link !== 'device') return undefined;
  return inventory.functions.find(fn => fn.interfaces?.includes(name));
}

/** The address that a line about VFs names, or whose interface it names. */
export const addressOf = (line: SysfsLine, inventory: Inventory | undefined): PciAddress | undefined =>
  pathOf(line).addresses.at(-1)?.address ?? (inventory && functionOf(line, inventory)?.address);

/** The number of VFs that a line asks for; `undefined` for every other line, and for what is no number. */
export function wantedVfs(line: SysfsLine): number | undefined {
  if (line.kind !== 'setting' || line.keyword.text !== '' || pathOf(line).attribute !== 'sriov_numvfs')
    return undefined;
  return /^\d{1,5}$/.test(line.value.text) ? Number(line.value.text) : undefined;
}
