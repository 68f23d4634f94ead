import { type FakeHost, replay } from './fakeHost.ts';

/** Texts that must never leave a host; they stand in its files. */
export const secrets = [
  'hunter2-cloudinit',
  'AAAAB3NzaC1yc2EAAAADAQABAAABgQC7',
  'hunter2-spice',
  '5f3a2b1c-dead-beef-aaaa-0123456789ab',
  'hunter2-note',
  'SERIAL-SMBIOS',
  'SERIAL-DISK',
  'WD-WCC7K1234567',
  'S4EWNX0M123456',
  'AA:BB:CC',
  'dd:ee:ff',
  'hunter2-lxc',
  'hunter2-storage',
  'de:ad:be:ef:00:11:22:33',
  'admin@example.org',
  'hunter2-wifi',
  'aGVsbG8tc2VjcmV0LWRhdGE=',
  'hunter2-cmdline',
] as const;

/** A Proxmox VE node on the hardware of the capture `intel-vfs`, with every kind of thing the collector looks for. */
export function proxmoxHost(): FakeHost {
  const host = replay('intel-vfs');
  for (const [path, text] of Object.entries(files)) host.file(path, text);
  boot(host);
  network(host);
  disks(host);
  devices(host);
  commands(host);
  return host;
}

const files: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/hostname': 'pve1\n',
  '/proc/sys/kernel/osrelease': '6.17.2-1-pve\n',
  '/proc/cmdline':
    'initrd=\\EFI\\proxmox\\6.17.2-1-pve\\initrd.img-6.17.2-1-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu.passthrough=1 password=hunter2-cmdline\n',
  '/etc/pve/.version': '{}\n',
  '/etc/pve/.members': [
    '{',
    '"nodename": "pve1",',
    '"version": 4,',
    '"cluster": { "name": "home", "version": 2, "nodes": 2, "quorate": 1 },',
    '"nodelist": {',
    '  "pve1": { "id": 1, "online": 1, "ip": "10.10.10.1"},',
    '  "pve2": { "id": 2, "online": 0}',
    '  }',
    '}',
    '',
  ].join('\n'),
  '/etc/pve/storage.cfg': [
    'dir: local',
    '\tpath /var/lib/vz',
    '\tcontent iso,vztmpl,images',
    '',
    'lvmthin: local-lvm',
    '\tthinpool data',
    '\tvgname pve',
    '\tcontent rootdir,images',
    '',
    'zfspool: tank',
    '\tpool tank/guests',
    '\tcontent images',
    '',
    'pbs: backup',
    '\tserver 10.0.0.9',
    '\tdatastore store',
    '\tusername hunter2-storage@pbs',
    '\tfingerprint de:ad:be:ef:00:11:22:33',
    '\tcontent backup',
    '',
  ].join('\n'),
  '/etc/pve/mapping/pci.cfg': 'gpu\n\tmap id=10de:2484,node=pve1,path=0000:01:00.0\n',
  '/etc/pve/jobs.cfg': 'vzdump: backup-1\n\tschedule 02:00\n\tmailto admin@example.org\n\tall 1\n',
  '/etc/pve/ha/resources.cfg': 'vm: 100\n\tstate started\n',
  '/etc/pve/qemu-server/100.conf': [
    '#the password is hunter2-note',
    'args: -spice port=5900,password=hunter2-spice -object secret,id=s0,data=aGVsbG8tc2VjcmV0LWRhdGE= -fw_cfg token=5f3a2b1c-dead-beef-aaaa-0123456789ab',
    'cipassword: hunter2-cloudinit',
    'hostpci0: 0000:01:00,pcie=1,x-vga=1',
    'net0: virtio=BC:24:11:AA:BB:CC,bridge=vmbr0',
    'scsi0: /dev/disk/by-id/ata-WDC_WD40EFRX-68N32N0_WD-WCC7K1234567,serial=SERIAL-DISK,size=4T',
    'smbios1: uuid=5f3a2b1c-dead-beef-aaaa-0123456789ab,serial=SERIAL-SMBIOS',
    'sshkeys: ssh-rsa%20AAAAB3NzaC1yc2EAAAADAQABAAABgQC7',
    '',
    '[special:cloudinit]',
    'cipassword: hunter2-cloudinit',
    '',
  ].join('\n'),
  '/etc/pve/qemu-server/102.conf': 'memory: 2048\n',
  '/etc/pve/lxc/101.conf': [
    'net0: name=eth0,bridge=vmbr0,hwaddr=bc:24:11:dd:ee:ff,type=veth',
    'lxc.environment: API_KEY=hunter2-lxc',
    'dev0: /dev/dri/renderD128',
    '',
  ].join('\n'),
  '/etc/network/interfaces': 'auto vmbr0\niface vmbr0 inet static\n\tbridge-ports bond0.10\n\twpa-psk hunter2-wifi\n',
  '/etc/modprobe.d/vfio.conf':
    'options vfio-pci ids=10de:2484\r\nblacklist nouveau  \noptions kvm ignore_msrs=1 # "quoted" \\ back\tslash \noptions iommufd x=1',
  '/etc/modules': 'vfio_virqfd\nvfio_pci\n',
  '/etc/udev/rules.d/99-vfio.rules': 'ACTION=="add", ATTR{driver_override}="vfio-pci"\n',
  '/etc/udev/rules.d/70-other.rules': 'SUBSYSTEM=="tty"\n',
  '/etc/corosync/corosync.conf':
    'nodelist {\n  node {\n    name: pve1\n    nodeid: 1\n    ring0_addr: 10.10.10.1\n  }\n  node {\n    name: pve2\n    ring0_addr: 10.10.10.2\n  }\n}\n',
  '/run/qemu-server/100.pid': '4242\n',
  '/run/qemu-server/102.pid': '999999\n',
  '/run/qemu-server/pci-id-reservations': '0000:01:00.0 100 pid:4242\n0000:01:00.1 100 pid:4242\n',
  '/var/lib/vz/template/iso/debian 13.iso': '',
  '/var/lib/vz/images/100/vm-100-disk-0.qcow2': '',
  '/usr/share/kvm/good.rom': 'U\u00aa',
  '/usr/share/kvm/bad.rom': 'NVGI',
  '/sys/kernel/iommu_groups/3/reserved_regions':
    '0x00000000000e8000 0x00000000000e8fff direct\n0x00000000fee00000 0x00000000feefffff msi\n',
};

function boot(host: FakeHost): void {
  const vars = '/sys/firmware/efi/efivars';
  const utf16 = Buffer.from('systemd-boot 257.8', 'utf16le');
  host.file(`${vars}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`, Uint8Array.of(6, 0, 0, 0, 0));
  host.file(`${vars}/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`, Uint8Array.of(6, 0, 0, 0, ...utf16));
  host.file('/etc/kernel/proxmox-boot-uuids', 'ABCD-EF01\n');
  host.file('/etc/kernel/proxmox-boot-pin', '6.14.11-4-pve\n');
  for (const kernel of ['6.14.11-4-pve', '6.17.2-1-pve']) {
    host.file(`/boot/vmlinuz-${kernel}`, '');
    host.file(`/boot/initrd.img-${kernel}`, '');
  }
  host.file(
    '/lib/modules/6.17.2-1-pve/modules.builtin',
    'kernel/drivers/pci/pcie/pcieport.ko\nkernel/fs/fuse/fuse.ko\n',
  );
  host.file('/usr/share/kvm/good.rom', Uint8Array.of(0x55, 0xaa, 1, 2));
  host.folder('/proc/4242');
  host.folder('/sys/fs/cgroup/lxc/101');
}

/** vmbr0 on VLAN 10 of a bond of ens1 and ens2, and a guest's tap device; the cluster's link is on enp0s3. */
function network(host: FakeHost): void {
  host.folder('/sys/class/net/vmbr0/bridge');
  host.folder('/sys/class/net/tap100i0');
  host.link('/sys/class/net/vmbr0/brif/bond0.10', '/sys/class/net/bond0.10/brport');
  host.link('/sys/class/net/vmbr0/brif/tap100i0', '/sys/class/net/tap100i0/brport');
  host.link('/sys/class/net/bond0.10/lower_bond0', '/sys/class/net/bond0');
  host.link('/sys/class/net/bond0/lower_ens1', '/sys/class/net/ens1');
  host.link('/sys/class/net/bond0/lower_ens2', '/sys/class/net/ens2');
  host.command('ip', 'echo "2: enp0s3    inet 10.10.10.1/24 brd 10.10.10.255 scope global enp0s3"');
}

/** The root file system on LVM on a partition of an NVMe disk with a subsystem, and a ZFS pool on vda. */
function disks(host: FakeHost): void {
  const nvme = '/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1';
  host.folder(`${nvme}/nvme0n1p3`);
  host.link('/sys/class/block/nvme0n1p3', `${nvme}/nvme0n1p3`);
  host.file('/sys/devices/virtual/block/dm-1/dm/name', 'pve-root\n');
  host.link('/sys/devices/virtual/block/dm-1/slaves/nvme0n1p3', `${nvme}/nvme0n1p3`);
  host.link('/sys/class/block/dm-1', '/sys/devices/virtual/block/dm-1');
  host.file('/proc/mounts', '/dev/mapper/pve-root / ext4 rw 0 0\nproc /proc proc rw 0 0\n');
  host.command('zpool', "printf 'tank\\t1T\\n\\tmirror-0\\t1T\\n\\t/dev/vda\\t1T\\n'");
  host.command('zfs', "printf 'tank\\ntank/guests\\ntank/guests/vm-100-disk-1\\n'");
  host.command('pvs', "echo '  /dev/nvme0n1p3 pve'");
  host.command('lvs', "printf '  pve root\\n  pve vm-100-disk-0\\n  other vm-9-disk-0\\n'");
}

function devices(host: FakeHost): void {
  host.file(
    '/proc/bus/input/devices',
    'N: Name="Logitech Keyboard"\nS: Sysfs=/devices/pci0000:00/0000:00:1c.3/0000:08:00.0/usb1/1-1/input/input5\nH: Handlers=sysrq kbd event3\n',
  );
  host.file(
    '/sys/bus/pci/devices/0000:10:10.0/nvidia/creatable_vgpu_types',
    'ID    : vGPU Name\n557   : NVIDIA A16-1B\n',
  );
}

function commands(host: FakeHost): void {
  const installed = { 'pve-manager': '9.1.4', 'qemu-server': '9.1.3', 'pve-qemu-kvm': '10.1.2-5', kmod: '34.2-2' };
  const lines = Object.entries(installed).map(([name, version]) => `echo "${name} ${version} installed"`);
  host.command('dpkg-query', [...lines, 'echo "sysfsutils 2.1.1-6 config-files"', 'exit 1'].join('\n'));
  host.command(
    'modinfo',
    `printf 'filename: /lib/modules/vfio-pci.ko\\nname:           vfio_pci\\nparm:           ids:Initial PCI IDs (string)\\nparm:           disable_vga:Disable VGA (bool)\\n'
    echo 'modinfo: ERROR: Module vfio_virqfd not found.' >&2`,
  );
  host.command('lsinitramfs', 'echo usr/lib/modules/6.17.2-1-pve/kernel/drivers/vfio/pci/vfio-pci.ko.zst');
  host.command(
    'dmesg',
    `echo '[    0.000000] Linux version 6.17.2-1-pve'; echo '[    0.1] DMAR: IOMMU enabled'; echo '[    0.2] usb 1-1: reset'; echo '[   9.0] vfio-pci 0000:01:00.0: resetting'`,
  );
}
