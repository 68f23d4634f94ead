import assert from 'node:assert/strict';
import { parseSnapshot } from '../../host/snapshot.ts';
import { replay, type Shell, shells } from '../support/fakeHost.ts';

const zeros = '00000000-0000-0000-0000-000000000000';

/** Lines of a host's files as they stand there, and as they leave the host. `S3CR3T` marks what nobody may learn. */
const vm: readonly (readonly [there: string, here: string])[] = [
  ['#notes with S3CR3T', '#'],
  ['cipassword: $5$S3CR3T', 'cipassword: ***'],
  ['sshkeys: ssh-ed25519%20AAAAS3CR3T%20me%40home', 'sshkeys: ***'],
  ['smbios1: uuid=53c2e75a-1111-2222-3333-444455556666,serial=S3CR3T', `smbios1: uuid=${zeros},serial=***`],
  ['vmgenid: 53c2e75a-1111-2222-3333-444455556666', `vmgenid: ${zeros}`],
  ['args: -vnc 0.0.0.0:77,password=S3CR3T', 'args: -vnc 0.0.0.0:77,password=***'],
  ['args: -spice "password=S3CR3T S3CR3T",port=1', 'args: -spice "password=***",port=1'],
  [`args: -iscsi user=me,password='S3CR3T with blanks',x=1`, 'args: -iscsi user=me,password=***,x=1'],
  ['args: -object secret,id=s0,data=S3CR3T,format=raw', 'args: -object secret,id=s0,data=***,format=raw'],
  [
    `args: -object '{"qom-type":"secret","id":"s0","data":"S3CR3T"}'`,
    `args: -object '{"qom-type":"secret","id":"s0","data":***}'`,
  ],
  [`args: -device '{"driver":"x","password": "S3CR3T"}'`, `args: -device '{"driver":"x","password": ***}'`],
  ['args: -fw_cfg name=opt/x,string=S3CR3T', 'args: -fw_cfg name=opt/x,string=***'],
  [
    'args: -smbios type=1,serial=S3CR3T,uuid=53c2e75a-1111-2222-3333-444455556666',
    `args: -smbios type=1,serial=***,uuid=${zeros}`,
  ],
  [
    'args: -drive file=rbd:pool/x:id=admin:key=S3CR3T==,if=none',
    'args: -drive file=rbd:pool/x:id=admin:key=***,if=none',
  ],
  ['args: -drive file=https://me:S3CR3T@store/x.iso', 'args: -drive file=https://me:***@store/x.iso'],
  ['args: -device isa-applesmc,osk="S3CR3T words"', 'args: -device isa-applesmc,osk=***'],
  ['args: -smbios type=11,value=API_KEY=S3CR3T', 'args: -smbios type=11,value=API_KEY=***'],
  ['args: -runner --token S3CR3T -x', 'args: -runner --token *** -x'],
  ['scsi0: /dev/disk/by-id/nvme-Samsung_SSD_S3CR3T,serial=S3CR3T', 'scsi0: /dev/disk/by-id/nvme-***,serial=***'],
  ['net0: virtio=BC:24:11:5E:C4:E7,bridge=vmbr0', 'net0: virtio=BC:24:11:00:00:00,bridge=vmbr0'],
  ['hostpci0: 0000:01:00,pcie=1', 'hostpci0: 0000:01:00,pcie=1'],
  ['usb0: host=046d:c52b', 'usb0: host=046d:c52b'],
  ['cpu: host,hidden=1', 'cpu: host,hidden=1'],
];

const others: Readonly<Record<string, readonly (readonly [there: string, here: string])[]>> = {
  '/etc/default/grub': [
    ['GRUB_CMDLINE_LINUX="quiet rd.token=S3CR3T"', 'GRUB_CMDLINE_LINUX="quiet rd.token=***"'],
    ['GRUB_CMDLINE_LINUX="quiet psk=\\"S3CR3T here\\" x"', 'GRUB_CMDLINE_LINUX="quiet psk=*** x"'],
    ['GRUB_SERIAL_COMMAND="serial --unit=0"', 'GRUB_SERIAL_COMMAND="serial --unit=0"'],
    ['GRUB_CMDLINE_LINUX="iommu.passthrough=1"', 'GRUB_CMDLINE_LINUX="iommu.passthrough=1"'],
  ],
  '/etc/network/interfaces': [
    ['\tbridge-ports enx00e04c5ec4e7', '\tbridge-ports enx00e04c000000'],
    ['\thwaddress ether 00:e0:4c:5e:c4:e7', '\thwaddress ether 00:e0:4c:00:00:00'],
    ['\tpost-up x 00:e0:4c:5e:c4:e7 00:e0:4c:5e:c4:e7', '\tpost-up x 00:e0:4c:00:00:00 00:e0:4c:00:00:00'],
    ['\twpa-psk S3CR3T', '\twpa-psk ***'],
    ['\taddress 2001:db8:1:2:3:4:5:6/64', '\taddress 2001:db8:1:2:3:4:5:6/64'],
  ],
  '/etc/udev/rules.d/10-vfio.rules': [
    [
      'ATTRS{serial}=="S3CR3T", ATTR{driver_override}="vfio-pci"',
      'ATTRS{serial}==***, ATTR{driver_override}="vfio-pci"',
    ],
    ['ENV{ID_SERIAL_SHORT}=="S3CR3T", TAG+="x"', 'ENV{ID_SERIAL_SHORT}==***, TAG+="x"'],
  ],
  '/etc/pve/storage.cfg': [
    ['\tusername S3CR3T', '\tusername ***'],
    ['\toptions vers=3,password=S3CR3T', '\toptions vers=3,password=***'],
    ['\tcomment ask S3CR3T', '\tcomment ***'],
  ],
  '/etc/pve/lxc/104.conf': [
    ['env: A=S3CR3T', 'env: ***'],
    ['lxc.environment.runtime: A=S3CR3T', 'lxc.environment.runtime: ***'],
    ['net0: name=eth0,hwaddr=bc:24:11:5e:c4:e7', 'net0: name=eth0,hwaddr=bc:24:11:00:00:00'],
  ],
};

const theirs = /S3CR3T|5e:?c4:?e7|53c2e75a/i;

suite('secrets stay on the host', () => {
  for (const shell of Object.keys(shells) as Shell[]) {
    test(`and what is no secret comes along as it is, under ${shell}`, () => {
      const host = replay('intel');
      const files = { '/etc/pve/.version': [], '/etc/pve/qemu-server/103.conf': vm, ...others };
      for (const [path, lines] of Object.entries(files)) host.file(path, lines.map(([there]) => `${there}\n`).join(''));
      host.file('/proc/cmdline', 'quiet BOOTIF=01-00-e0-4c-5e-c4-e7 ds=x;token=S3CR3T password="S3CR3T b"\n');
      const text = host.collect(shell);
      host.remove();
      const inventory = parseSnapshot(text);
      for (const [path, lines] of Object.entries({ '/etc/pve/nodes/intel/qemu-server/103.conf': vm, ...others })) {
        const kept = inventory.files.get(path.replace('/etc/pve/lxc', '/etc/pve/nodes/intel/lxc'))?.text ?? '';
        assert.deepEqual(
          kept.split('\n').slice(0, -1),
          lines.map(([, here]) => here),
          path,
        );
      }
      assert.equal(inventory.kernel.commandLine, 'quiet BOOTIF=01-00-e0-4c-00-00-00 ds=x;token=*** password=***');
      assert.doesNotMatch(text, theirs);
    });
  }

  test('every kind is planted', () => {
    const planted = [...vm, ...Object.values(others).flat()];
    assert.ok(planted.filter(([there]) => theirs.test(there)).length >= 30);
    for (const [, here] of planted) assert.doesNotMatch(here, theirs);
  });
});
