// Trees of virtual machines for the benchmarks: configurations of about 1 KB each, as Proxmox VE writes them.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The host that the trees are judged with: a machine for guests with a graphics card, network cards, and shared IOMMU groups. */
export const snapshot = fileURLToPath(new URL('../snapshots/demo.snapshot', import.meta.url));
const node = 'pve1';

/**
 * Writes `count` VMs below `root/etc/pve/nodes/…/qemu-server`, with mappings, a storage.cfg and a snapshot beside.
 * `passthrough` is the share of VMs with a PCI device; every twentieth VM has a snapshot section instead of notes.
 */
export function makeTree(root, count, { passthrough = 0.1 } = {}) {
  const folder = join(root, `etc/pve/nodes/${node}/qemu-server`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'etc/pve/mapping'), { recursive: true });
  copyFileSync(snapshot, join(root, `${node}.snapshot`));
  writeFileSync(join(root, 'etc/pve/storage.cfg'), storage);
  writeFileSync(join(root, 'etc/pve/mapping/pci.cfg'), mappings);
  for (let index = 0; index < count; index++) {
    writeFileSync(join(folder, `${100 + index}.conf`), vmText(100 + index, { passthrough }));
  }
  return folder;
}

/** The configuration of one VM; the same VMID gives the same text. */
export function vmText(vmid, { passthrough = 0.1 } = {}) {
  const random = randomOf(vmid);
  const pick = list => list[Math.floor(random() * list.length)];
  const hex = digits => Array.from({ length: digits }, () => pick('0123456789abcdef')).join('');
  const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-');
  const mac = () => `BC:24:11:${[2, 2, 2].map(digits => hex(digits).toUpperCase()).join(':')}`;
  const disk = number => `local-lvm:vm-${vmid}-disk-${number}`;
  const role = pick(['web', 'database', 'build', 'mail', 'media', 'desktop']);
  const main = [
    'agent: 1,fstrim_cloned_disks=1',
    `balloon: ${pick([1024, 2048, 4096])}`,
    'bios: ovmf',
    'boot: order=scsi0;ide2;net0',
    `cores: ${pick([1, 2, 4, 8])}`,
    'cpu: host',
    `efidisk0: ${disk(0)},efitype=4m,pre-enrolled-keys=1,size=4M`,
    ...(random() < passthrough ? devices(random, pick) : []),
    'ide2: none,media=cdrom',
    'machine: q35',
    `memory: ${pick([4096, 8192, 16384])}`,
    `meta: creation-qemu=10.1.2,ctime=${1700000000 + vmid}`,
    `name: ${role}-${vmid}`,
    `net0: virtio=${mac()},bridge=vmbr0,firewall=1,tag=${pick([10, 20, 30])}`,
    `net1: virtio=${mac()},bridge=vmbr1`,
    'numa: 0',
    `onboot: ${pick([0, 1])}`,
    'ostype: l26',
    `scsi0: ${disk(1)},discard=on,iothread=1,size=${pick([32, 64, 128])}G,ssd=1`,
    `scsi1: ${disk(2)},discard=on,iothread=1,size=${pick([100, 200])}G,ssd=1`,
    'scsihw: virtio-scsi-single',
    'serial0: socket',
    `smbios1: uuid=${uuid()}`,
    'sockets: 1',
    `startup: order=${pick([1, 2, 3])},up=30`,
    `tags: ${role};linux`,
    `vmgenid: ${uuid()}`,
  ];
  if (vmid % 20 === 0) return text([...main, '', '[before_upgrade]', ...main.slice(3, 14), 'snaptime: 1786867200']);
  const notes = [
    '## Machine of the group',
    '#',
    `#Host **${role}-${vmid}**, see the handbook before you restart it%2E`,
  ];
  return text([...notes, ...main]);
}

function devices(random, pick) {
  if (random() < 0.2) return [`hostpci0: mapping=${pick(['nics', 'card'])},pcie=1`];
  const first = `hostpci0: 0000:${pick(['01:00', '01:00.0', '03:00.0', '04:00.0', '00:17.0', '00:1f.3'])},pcie=1`;
  return random() < 0.2 ? [first, `hostpci1: 0000:${pick(['04:00', '00:02.0', '00:1f.6', '05:00.0'])}`] : [first];
}

const text = lines => `${lines.join('\n')}\n`;

const storage = `dir: local
	path /var/lib/vz
	content iso,vztmpl,backup

lvmthin: local-lvm
	thinpool data
	vgname pve
	content rootdir,images
`;
const mappings = `nics
	map id=8086:1539,node=${node},path=0000:03:00.0
	map id=8086:2723,node=${node},path=0000:04:00.0

card
	map id=10de:2584,node=${node},path=0000:01:00.0
`;

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
