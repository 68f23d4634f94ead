import { emptyInventory, type Inventory, type PciFunction, unknownFunction } from '../../../host/inventory.ts';
import { parsePciAddress } from '../../../host/pciAddress.ts';

/** The areas whose rules are about the VM's file alone and what a start does with it. */
export const areas = [
  'args',
  'cpu',
  'drive',
  'hostpci',
  'machine',
  'mdev',
  'memory',
  'net',
  'numa',
  'serial',
  'usb',
  'vga',
  'virtiofs',
  'vm',
  'vmconf',
];

/** The files around the VMs of vm-start.jsonl, as test/verdicts/README.md and the verdicts tell them. */
export const startSite = `--- etc/pve/storage.cfg
dir: local
	path /var/lib/vz
	content iso,vztmpl,backup,images,snippets

lvmthin: local-lvm
	thinpool data
	vgname pve
	content rootdir,images

zfspool: local-zfs
	pool rpool/data
	content rootdir,images

nfs: nfs
	server 192.0.2.1
	export /srv/nfs
	content images,iso

dir: isoonly
	path /srv/iso
	content iso

dir: chain
	path /srv/chain
	content images
	snapshot-as-volume-chain 1
--- etc/pve/mapping/pci.cfg
gpu
	map id=10de:1b80,iommugroup=1,node=pve1,path=0000:01:00.0

gpuwhole
	map id=10de:1b80,iommugroup=1,node=pve1,path=0000:01:00

nics
	map id=8086:1572,iommugroup=3,node=pve1,path=0000:03:00.0
	map id=8086:1572,iommugroup=4,node=pve1,path=0000:03:00.1

vgpu
	mdev 1
	map id=10de:2235,iommugroup=2,node=pve1,path=0000:02:00.4

livemig
	live-migration-capable 1
	map id=15b3:101e,iommugroup=5,node=pve1,path=0000:04:00.0

upperid
	map id=10DE:1B80,iommugroup=1,node=pve1,path=0000:01:00.0

changed
	map id=10de:ffff,iommugroup=1,node=pve1,path=0000:01:00.0

elsewhere
	map id=10de:1b80,iommugroup=1,node=pve2,path=0000:01:00.0

nogroup
	map id=10de:1b80,node=pve1,path=0000:01:00.0
--- etc/pve/mapping/usb.cfg
stick
	map id=046d:c52b,node=pve1

stickpath
	map id=046d:c52b,node=pve1,path=1-2

gone
	map id=dead:beef,node=pve1
--- etc/pve/mapping/directory.cfg
share
	map node=pve1,path=/srv/share

missing
	map node=pve1,path=/srv/missing
--- etc/pve/nodes/pve1/qemu-server/100.conf
`;

const fn = (address: string, id: string, iommuGroup: number): PciFunction => {
  const read = parsePciAddress(address);
  if (!read) throw new Error(address);
  const [vendorId, deviceId] = id.split(':');
  return { ...unknownFunction(read), vendorId, deviceId, iommuGroup };
};

/** The host: its devices (every address exists there), 32 threads, versions, the bridge and the custom CPU models. */
export const startHost: Inventory = {
  ...emptyInventory,
  node: 'pve1',
  functions: [
    fn('00:02.0', '8086:3e92', 0),
    fn('01:00.0', '10de:1b80', 1),
    fn('01:00.1', '10de:10f0', 1),
    fn('02:00.4', '10de:2235', 2),
    fn('03:00.0', '8086:1572', 3),
    fn('03:00.1', '8086:1572', 4),
    fn('04:00.0', '15b3:101e', 5),
    fn('05:00.0', '8086:1521', 6),
    fn('05:00.1', '8086:1521', 6),
    fn('06:00.0', '8086:1521', 7),
    fn('06:00.1', '8086:1521', 7),
    fn('09:00.0', '1002:67df', 8),
    fn('09:00.1', '1002:aaf0', 8),
  ],
  versions: { ...emptyInventory.versions, qemuServer: '9.2.6', qemu: '11.0.2' },
  cpu: {
    vendor: 'GenuineIntel',
    model: undefined,
    family: undefined,
    modelNumber: undefined,
    threads: 32,
    virtualization: true,
    hypervisor: false,
    physicalBits: 46,
  },
  files: new Map([
    [
      '/etc/network/interfaces',
      { text: 'auto vmbr0\niface vmbr0 inet manual\n\tbridge-ports none\n', modifiedAt: undefined },
    ],
    [
      '/etc/pve/virtual-guest/cpu-models.conf',
      { text: 'cpu-model: mymodel\n\tflags +aes\n\ncpu-model: win-gpu\n\tflags +aes\n', modifiedAt: undefined },
    ],
  ]),
};
