import type { Inventory } from '../../host/inventory.ts';
import { ctName } from '../facts/containerUse.ts';
import { ctConf } from '../languages/ctConf/ctConf.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { configOf, stored } from '../languages/vmConf/config.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { filesOf, type World } from '../workspace/world.ts';

/** Takes names and numbers out of a text that point at a person or a machine; ids and addresses of PCI stay. */
export type Mask = (text: string) => string;

/**
 * A mask for what is known of a host and the files around it: `vm-101` for a VM's name, `ct-102` for a container's,
 * `node-1` for a node's; MAC and IP addresses, UUIDs, serial numbers and names of disks become `***`.
 */
export function maskFor(world: World, inventory: Inventory | undefined): Mask {
  const names = [...namesIn(world, inventory)]
    .filter(([name]) => name.length > 1 && !/^[0-9]+$/.test(name))
    .sort(([a], [b]) => b.length - a.length);
  const byName = new Map(names.map(([name, replacement]) => [name.toLowerCase(), replacement]));
  const pattern = byName.size === 0 ? undefined : namePattern([...byName.keys()]);
  return text => {
    const plain = maskNumbers(text)
      .replace(label, '$1')
      .replace(nameLine, (_, line: string) => `${line}***`);
    return pattern ? plain.replace(pattern, (found, name: string) => byName.get(name.toLowerCase()) ?? found) : plain;
  };
}

/** `VM 101 (media)`: the number says enough, whatever the name. */
const label = /\b((?:VM|CT|[Cc]ontainer) [0-9]{1,9}) \([^()]{1,80}\)/g;
/** The lines of guests' files that hold nothing but a name. */
const nameLine = /((?:^|: )(?:name|hostname|searchdomain|nameserver|tags|description): ).*$/g;

/** Guests and nodes have names like host names: a name ends where no letter, digit or hyphen follows; a domain goes with it. */
const namePattern = (names: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w.-])(${names.map(escaped).join('|')})(?:\\.[a-z0-9-]+(?:\\.[a-z0-9-]+)*)?(?![\\w-])`, 'gi');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function* namesIn(world: World, inventory: Inventory | undefined): Generator<readonly [string, string]> {
  const nodes = new Set<string>();
  if (inventory?.node) nodes.add(inventory.node);
  for (const { name } of inventory?.cluster?.nodes ?? []) nodes.add(name);
  for (const { inventory: other } of world.snapshots) if (other.node) nodes.add(other.node);
  for (const { place } of world.files.values()) if (place.node) nodes.add(place.node);
  for (const { lines } of filesOf(world, pciMapping))
    for (const line of lines) for (const [, name] of line.matchAll(/\bnode=([\w-]+)/g)) if (name) nodes.add(name);
  let count = 0;
  for (const name of nodes) if (!defaultNodes.has(name.toLowerCase())) yield [name, `node-${++count}`];
  if (inventory?.cluster?.name) yield [inventory.cluster.name, 'cluster'];
  for (const file of filesOf(world, vmConf)) {
    const name = stored(configOf(file).main, 'name');
    if (name && !ordinary.has(name.toLowerCase())) yield [name, `vm-${file.place.vmid ?? 'x'}`];
  }
  for (const file of filesOf(world, ctConf)) {
    const name = ctName(file);
    if (name && !ordinary.has(name.toLowerCase())) yield [name, `ct-${file.place.vmid ?? 'x'}`];
  }
  for (const { kind, detail } of inventory?.hostNeeds ?? []) {
    if (kind !== 'disk') continue;
    const pool = detail.startsWith('/') ? '' : (detail.split('/')[0] ?? '');
    if (!/^(?:rpool|bpool|pve|swap|)$/.test(pool) && !ordinary.has(pool.toLowerCase())) yield [pool, 'pool-x'];
    if (/^\/[^/]+\/./.test(detail) && detail !== '/boot/efi') yield [detail, '/***'];
  }
  for (const { id } of inventory?.storages ?? [])
    if (!/^local(?:-lvm|-zfs)?$/.test(id) && !ordinary.has(id.toLowerCase())) yield [id, 'storage-x'];
}

/** Words of our own sentences, which a guest may be called by and which then tell nothing. */
const ordinary: ReadonlySet<string> = new Set(
  `storage host guest node vm ct gpu nic card disk disks network memory kernel driver device devices file files group machine
  display boot docker linux windows win10 win11 debian ubuntu test media router proxy gaming desktop server backup nas
  share data fast slow pool tank zfs ceph iso isos images vms guests cluster mapping model power reset root start none`
    .trim()
    .split(/\s+/),
);

/** As the installer and half of all people call a node; `/etc/pve` must not become something else. */
const defaultNodes: ReadonlySet<string> = new Set(['pve', 'proxmox', 'localhost']);

/** Linear patterns; each is anchored by what cannot stand inside it. */
const numbers: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '***'],
  [/(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])/gi, '***'],
  [/(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.-])/g, '***'],
  [/(?<![0-9a-f:.])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9a-f:.])/gi, '***'],
  [/(?<![0-9a-f:.])(?:[0-9a-f]{1,4}:){1,6}:[0-9a-f]{0,4}(?::[0-9a-f]{1,4}){0,6}(?![0-9a-f:.])/gi, '***'],
  [/(\/disk\/by-(?:id|path|uuid|label)\/)[^\s,;:]+/g, '$1***'],
  [/\b((?:serial|uuid|sn|wwn|password|cipassword|token|secret|sshkeys|ciuser)[=:]\s*)[^\s,;]+/gi, '$1***'],
];

const maskNumbers = (text: string): string => numbers.reduce((masked, [what, by]) => masked.replace(what, by), text);
