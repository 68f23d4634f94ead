import { matching, type ValueKind } from './kind.ts';

const spelling = /^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i;

/** A unicast MAC address. A first byte that is odd would be a multicast address, which no card may have. */
export const macAddress: ValueKind = matching('a MAC address such as BC:24:11:2E:5F:01', spelling, {
  check: text => (spelling.test(text) ? undefined : faultOf(text)),
  mend: text => {
    const colons = text.replaceAll('-', ':').toUpperCase();
    return spelling.test(colons) ? colons : undefined;
  },
  complete: ({ random }) => [{ text: freshMac(random), detail: 'random, in the prefix of Proxmox' }],
});

/** A random address in BC:24:11, the prefix that Proxmox Server Solutions owns and uses. */
export function freshMac(random: () => number): string {
  const byte = (): string =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, '0')
      .toUpperCase();
  return `BC:24:11:${byte()}:${byte()}:${byte()}`;
}

function faultOf(text: string): string {
  if (/^[a-f0-9]{2}(?::[a-f0-9]{2}){5}$/i.test(text)) return 'is a multicast address: its first byte must be even';
  if (/^[a-f0-9]{2}(?:-[a-f0-9]{2}){5}$/i.test(text)) return 'must be written with colons';
  return 'is not a MAC address: six pairs of hexadecimal digits with colons between them';
}
