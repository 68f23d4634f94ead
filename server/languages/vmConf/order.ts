/*
 * The order in which people write things, for lists of suggestions: what a new VM needs comes first, what Proxmox writes
 * itself comes last. What is not named here stands in the middle, by name.
 */

// biome-ignore format: a table
const keyOrder: readonly string[] = [
  'name', 'hostpci', 'machine', 'bios', 'efidisk', 'tpmstate', 'cpu', 'cores', 'sockets', 'memory', 'balloon', 'numa',
  'ostype', 'scsihw', 'scsi', 'virtio', 'sata', 'ide', 'boot', 'net', 'usb', 'vga', 'serial', 'audio', 'rng', 'virtiofs',
  'agent', 'onboot', 'startup', 'hookscript', 'hotplug', 'protection', 'tags', 'affinity', 'hugepages', 'args', 'vcpus',
  'cpulimit', 'cpuunits', 'shares', 'smbios1', 'vmgenid', 'ivshmem', 'watchdog', 'spice_enhancements', 'tablet',
  'ciuser', 'cipassword', 'sshkeys', 'ipconfig', 'nameserver', 'searchdomain', 'citype', 'cicustom', 'ciupgrade',
];

// biome-ignore format: a table
const propertyOrder: Readonly<Record<string, readonly string[]>> = {
  hostpci: ['host', 'mapping', 'pcie', 'x-vga', 'romfile', 'rombar', 'mdev', 'legacy-igd', 'driver', 'vendor-id', 'device-id', 'sub-vendor-id', 'sub-device-id'],
  net: ['virtio', 'e1000e', 'e1000', 'vmxnet3', 'model', 'macaddr', 'bridge', 'firewall', 'tag', 'trunks', 'mtu', 'queues', 'rate', 'link_down', 'host-tunnel'],
  drive: ['file', 'media', 'discard', 'iothread', 'ssd', 'cache', 'size', 'backup', 'aio', 'serial', 'format', 'replicate', 'ro', 'queues', 'mbps_rd', 'mbps_wr', 'mbps', 'iops_rd', 'iops_wr', 'iops', 'werror', 'rerror', 'detect_zeroes', 'snapshot', 'shared', 'wwn', 'vendor', 'product', 'model', 'scsiblock'],
  efidisk: ['file', 'efitype', 'pre-enrolled-keys', 'ms-cert', 'size', 'format'],
  tpmstate: ['file', 'size', 'version', 'format'],
  machine: ['type', 'viommu', 'aw-bits', 'enable-s3', 'enable-s4'],
  cpu: ['cputype', 'flags', 'hidden', 'phys-bits', 'guest-phys-bits', 'hv-vendor-id', 'level'],
  usb: ['host', 'mapping', 'usb3'],
  numa: ['cpus', 'hostnodes', 'memory', 'policy'],
  ipconfig: ['ip', 'gw', 'ip6', 'gw6'],
  agent: ['enabled', 'fstrim_cloned_disks', 'freeze-fs', 'type'],
  virtiofs: ['dirid', 'cache', 'direct-io', 'expose-acl', 'expose-xattr'],
  smbios1: ['uuid', 'base64', 'manufacturer', 'product', 'version', 'serial', 'sku', 'family'],
  rng: ['source', 'max_bytes', 'period'],
  vga: ['type', 'memory', 'clipboard'],
  ivshmem: ['size', 'name'],
  boot: ['order'],
  'intel-tdx': ['type', 'attestation', 'vsock-cid', 'vsock-port'],
};

const drives = new Set(['ide', 'sata', 'scsi', 'virtio', 'cdrom']);

/** Place of an option or family in a list of keys. */
export const keyRank = (name: string): number => rankIn(keyOrder, name);

/** Place of a sub-property in a list for its option. */
export const propertyRank = (option: string, name: string): number =>
  rankIn(propertyOrder[drives.has(option) ? 'drive' : option] ?? [], name);

/** Booleans that are on when they are not given: writing them means switching them off. */
const onByDefault = new Set(['backup', 'detect_zeroes']);

/** What a boolean is set to when its name is taken from a list: the opposite of what holds without it. */
export const usualFlag = (name: string, byDefault: unknown): '0' | '1' =>
  byDefault === true || byDefault === 1 || onByDefault.has(name) ? '0' : '1';

function rankIn(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at === -1 ? 300 : at;
}
