/**
 * A PCI address in its one canonical spelling: `0000:01:00.0` (domain, bus, device, function; lower-case hex, domain
 * always written, at least four digits). Equal strings are the same function; string order is bus order within a domain
 * width.
 */
export type PciAddress = string & { readonly __pciAddress: unique symbol };

const spelling = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/i;
const slotSpelling = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([01][0-9a-f])(?:\.([0-7]))?$/i;

/** Reads `01:00.0`, `0000:01:00.0` or `10000:E1:00.0`. `undefined` means "not the address of a function". */
export function parsePciAddress(text: string): PciAddress | undefined {
  const found = spelling.exec(text);
  return found ? canonical(found) : undefined;
}

/**
 * Reads an address as Proxmox accepts it in `hostpciN`: with or without domain, with or without function.
 * Without a function it means every function of the slot.
 */
export function parseSlotOrFunction(text: string): { slot: string; function: PciAddress | undefined } | undefined {
  const found = slotSpelling.exec(text);
  if (!found) return undefined;
  const slot = `${domain(found[1])}:${found[2]}:${found[3]}`.toLowerCase();
  return { slot, function: found[4] === undefined ? undefined : (`${slot}.${found[4]}` as PciAddress) };
}

/** The part before the dot, `0000:01:00`: what the functions of one card have in common. */
export const slotOf = (address: PciAddress): string => address.slice(0, address.lastIndexOf('.'));

/** The function digit as a number, 0 to 7. */
export const functionOf = (address: PciAddress): number => Number(address.slice(address.lastIndexOf('.') + 1));

/** `01:00.0` for domain 0000, else the full spelling: how people and `lspci` write it. */
export const shortAddress = (address: string): string => (address.startsWith('0000:') ? address.slice(5) : address);

/** Orders by domain, bus, device, function; also right for domains of more than four digits. */
export const compareAddresses = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

function canonical(found: RegExpExecArray): PciAddress {
  return `${domain(found[1])}:${found[2]}:${found[3]}.${found[4]}`.toLowerCase() as PciAddress;
}

function domain(text: string | undefined): string {
  const digits = (text ?? '0000').replace(/^0+(?=[0-9a-f]{4})/i, '');
  return digits.padStart(4, '0');
}
