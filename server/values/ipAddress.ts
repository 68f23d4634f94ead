import { anyOf, matching, oneOf, type ValueKind } from './kind.ts';
import { dnsName } from './names.ts';

export const ipv4: ValueKind = {
  describe: 'an IPv4 address such as 192.168.1.10',
  check: text => (isIpv4(text) ? undefined : 'is not an IPv4 address'),
};

export const ipv6: ValueKind = {
  describe: 'an IPv6 address such as fd00::10',
  check: text => (isIpv6(text) ? undefined : 'is not an IPv6 address'),
};

/** An address with the length of its network's prefix. */
const cidr4: ValueKind = cidr('an IPv4 address with a prefix length such as 192.168.1.10/24', isIpv4, 32);
const cidr6: ValueKind = cidr('an IPv6 address with a prefix length such as fd00::10/64', isIpv6, 128);

/** What `ipconfigN` takes for `ip=` and `ip6=`. */
export const ipv4Config: ValueKind = anyOf(
  'dhcp, manual or an IPv4 address with a prefix length such as 192.168.1.10/24',
  oneOf('dhcp', 'manual'),
  cidr4,
);
export const ipv6Config: ValueKind = anyOf(
  'auto, dhcp, manual or an IPv6 address with a prefix length such as fd00::10/64',
  oneOf('auto', 'dhcp', 'manual'),
  cidr6,
);

const hostOrAddress = anyOf('an IP address or a host name', ipv4, ipv6, dnsName);

/** An IP address or a host's name. A lone `0` is refused, though it could be a name: the check takes it for "no". */
export const address: ValueKind = matching('an IP address or a host name', /./, {
  check: text => (text === '0' ? 'is not an IP address or a host name' : hostOrAddress.check(text)),
});

/** Dotted decimal with four parts; no leading zeros beyond what Proxmox's own pattern lets through. */
function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(part => /^(?:25[0-5]|(?:2[0-4]|1[0-9]|[1-9])?[0-9])$/.test(part));
}

/** Eight groups, or fewer around one `::`; the last two may be an IPv4 address where a `::` or six groups stand before. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = groups(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] as string, true) : 0;
  if (head === undefined || tail === undefined) return false;
  return halves.length === 1 ? head === 8 : head + tail <= 7;
}

/** How many groups of 16 bits a run of them is; `undefined` where one is none. */
function groups(text: string, mayEndInIpv4: boolean): number | undefined {
  if (text === '') return 0;
  const items = text.split(':');
  const last = items[items.length - 1] as string;
  const withIpv4 = mayEndInIpv4 && isIpv4(last);
  const hex = withIpv4 ? items.slice(0, -1) : items;
  if (!hex.every(item => /^[0-9a-f]{1,4}$/i.test(item))) return undefined;
  return hex.length + (withIpv4 ? 2 : 0);
}

function cidr(describe: string, isAddress: (text: string) => boolean, most: number): ValueKind {
  const valid = (text: string): boolean => {
    const slash = text.indexOf('/');
    const length = text.slice(slash + 1);
    if (slash === -1 || !/^[0-9]+$/.test(length)) return false;
    return isAddress(text.slice(0, slash)) && Number(length) >= 8 && Number(length) <= most;
  };
  return { describe, check: text => (valid(text) ? undefined : `is not ${describe}`) };
}
