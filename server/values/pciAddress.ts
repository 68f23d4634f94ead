import { deviceLabel } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import type { ValueKind } from './kind.ts';

const hostAddress = /^(?:[a-f0-9]{4,}:)?[a-f0-9]{2}:[a-f0-9]{2}(?:\.[a-f0-9])?$/;

/** A PCI address as `hostpciN` takes it: lower case, with or without domain, with or without function. */
export const pciAddress: ValueKind = {
  describe: 'a PCI address such as 0000:01:00.0 or 01:00',
  check: text => (hostAddress.test(text) ? undefined : faultOf(text)),
  mend: text => {
    const bare = text
      .trim()
      .replace(/^pci[:_-]/i, '')
      .toLowerCase();
    const colons = bare.replace(/^([a-f0-9]{4})_([a-f0-9]{2})_([a-f0-9]{2})_([0-7])$/, '$1:$2:$3.$4');
    const dotted = colons.replace(/^((?:[a-f0-9]{4,}:)?[a-f0-9]{2}):([a-f0-9]{2})[:,]([0-7])$/, '$1:$2.$3');
    return hostAddress.test(dotted) ? dotted : undefined;
  },
  complete: ({ inventory }) =>
    (inventory?.functions ?? []).map(fn => ({ text: shortAddress(fn.address), detail: deviceLabel(fn) })),
};

/** One address, or several with `;` between them, which then make one multifunction device. */
export const pciAddressList: ValueKind = {
  describe: 'a PCI address such as 0000:01:00.0, or several with semicolons between them',
  check: text => {
    const items = text.split(';');
    const bad = items.find(item => pciAddress.check(item) !== undefined);
    if (bad === undefined) return undefined;
    return items.length > 1 ? `has the item "${bad}", which ${pciAddress.check(bad)}` : pciAddress.check(bad);
  },
  mend: text => {
    const items = text.split(/[; ]+/).map(item => pciAddress.mend?.(item));
    return items.some(item => item === undefined) ? undefined : items.join(';');
  },
  complete: facts => pciAddress.complete?.(facts) ?? [],
};

function faultOf(text: string): string {
  if (text === '') return 'is empty where a PCI address is expected';
  if (hostAddress.test(text.toLowerCase())) return 'must be in lower case: hexadecimal digits are compared as text';
  if (/[ \t]/.test(text)) return 'has a blank in it';
  if (/^[0-9a-f]{4}:[0-9a-f]{4}$/i.test(text))
    return 'is the id of a kind of device, not the address of one: see lspci -nn';
  return 'is not a PCI address: [domain:]bus:device[.function] in hexadecimal, such as 01:00.0';
}
