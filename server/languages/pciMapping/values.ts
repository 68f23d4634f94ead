import { matching, type ValueKind } from '../../values/kind.ts';
import { pciAddress } from '../../values/pciAddress.ts';
import { own } from '../vmConf/schema.ts';
import type { MappingKind } from './config.ts';

/**
 * Words for values whose schema is only a pattern, by kind of mapping and sub-property. The pattern decides; these say
 * what was meant, and mend what is beyond doubt.
 */
export const mapValueKind = (kind: MappingKind, sub: string): ValueKind | undefined =>
  own(kinds, `${kind}.${sub}`) ?? own(kinds, sub);

const deviceId = matching('an id such as 10de:1b80', /^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/, {
  mend: text => {
    const found = /^[ \t]*\[?(?:0x)?([0-9a-f]{4})[: ](?:0x)?([0-9a-f]{4})\]?[ \t]*$/i.exec(text);
    return found ? `${found[1]}:${found[2]}`.toLowerCase() : undefined;
  },
});

const pciPath: ValueKind = {
  describe: 'a PCI address with its domain such as 0000:01:00.0, or several with semicolons between them',
  check: text => {
    const bad = text.split(';').find(item => !fullAddress.test(item));
    return bad === undefined ? undefined : pathFault(bad);
  },
  mend: text => {
    const items = text.split(/[; ]+/).map(item => pciAddress.mend?.(item));
    if (items.some(item => item === undefined)) return undefined;
    return items.map(item => (/^[a-f0-9]{4,}:[a-f0-9]{2}:/.test(item ?? '') ? item : `0000:${item}`)).join(';');
  },
};

const fullAddress = /^[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(?:\.[a-f0-9])?$/;

function pathFault(item: string): string {
  if (item === '') return 'has an empty item: one semicolon stands between two addresses';
  if (fullAddress.test(`0000:${item}`))
    return 'lacks the domain: in a mapping an address is written whole, 0000:01:00.0';
  if (fullAddress.test(item.toLowerCase())) return 'must be in lower case';
  return 'is not a PCI address with its domain, such as 0000:01:00.0';
}

const usbPort = matching('a USB port such as 1-4.2 (bus, hyphen, ports)', /^[0-9]+-[0-9]+(?:\.[0-9]+)*$/);

const kinds: Readonly<Record<string, ValueKind>> = {
  id: deviceId,
  'subsystem-id': deviceId,
  'pci.path': pciPath,
  'usb.path': usbPort,
};
