import assert from 'node:assert/strict';
import type { Inventory } from '../../../host/inventory.ts';
import type { PciAddress } from '../../../host/pciAddress.ts';
import { claimsOn, usersOf } from '../../../server/facts/deviceUse.ts';
import { deviceTree } from '../../../server/services/deviceTree.ts';
import { emptyWorld, withFile, withSnapshot } from '../../../server/workspace/world.ts';
import { readFile, readSite } from '../../support/site.ts';
import { changed, drawn, everyRow, hostOf, rowAt, rowsOf, worldOf } from '../../support/tree.ts';

const demo = hostOf('demo');

/** The tree by use of a site with these files. */
const byUse = (text: string, host: Inventory = demo, filter = '') =>
  rowsOf(readSite(text, { host }).world, 'use', filter);

const vm = (id: number, text: string): string => `--- etc/pve/nodes/pve1/qemu-server/${id}.conf\n${text}`;
const ct = (id: number, text: string): string => `--- etc/pve/nodes/pve1/lxc/${id}.conf\n${text}`;

suite('guests and mappings in the device tree', () => {
  test('guests have their devices below them, in the order of their lines; what another has, too, is told', () => {
    const rows = byUse(
      vm(101, 'hostpci10: 0000:03:00.0\nhostpci2: 0000:01:00,pcie=1\nname: win11\n') +
        vm(103, 'hostpci0: 0000:01:00.0\n') +
        ct(102, 'dev0: /dev/dri/renderD129\nhostname: jellyfin\n'),
    );
    assert.equal(
      drawn(
        rows.filter(row => row.context === 'guest'),
        2,
      ),
      `VM 101 (win11) | 3 devices
  GeForce RTX 3050 6GB | hostpci2 · 01:00.0 · also VM 103, CT 102 · nouveau · group 2
  GA107 High Definition… | hostpci2 · 01:00.1 · snd_hda_intel · group 2
  I211 Gigabit | hostpci10 · 03:00.0 · igb · group 12
CT 102 (jellyfin) | running · 1 device
  GeForce RTX 3050 6GB | dev0 · 01:00.0 · also VM 101, VM 103 · nouveau · group 2
VM 103 | 1 device
  GeForce RTX 3050 6GB | hostpci0 · 01:00.0 · also VM 101, CT 102 · nouveau · group 2
`,
    );
    const others = rowAt(rows, 'VM 103', 'GeForce RTX 3050 6GB').children ?? [];
    assert.deepEqual(
      others.map(row => [row.label, row.description, row.location?.uri.replace(/.*\//, ''), row.location?.line]),
      [
        ['VM 101 (win11)', 'hostpci2', '101.conf', 1],
        ['CT 102 (jellyfin)', 'dev0 · running', '102.conf', 0],
      ],
    );
  });

  test('a device that the host does not have is shown as missing, and leads to its line', () => {
    const row = rowAt(byUse(vm(101, 'hostpci0: 0000:07:00.0\n')), 'VM 101', '07:00.0');
    assert.equal(row.description, 'hostpci0 · not on this host');
    assert.equal(row.location?.column, 'hostpci0: '.length);
    const listing = byUse(vm(101, 'hostpci0: 0000:07:00.0\n'), { ...demo, complete: false });
    assert.equal(rowAt(listing, 'VM 101', '07:00.0').description, 'hostpci0 · not in this listing');
  });

  test('pending changes count, snapshots and refused lines do not', () => {
    const rows = byUse(
      vm(
        101,
        'hostpci0: 0000:03:00.0\nhostpci1: nonsense, x\n\n[PENDING]\nhostpci0: 0000:04:00.0\n\n[old]\nhostpci3: 0000:05:00.0\n',
      ),
    );
    assert.equal(
      drawn(rowAt(rows, 'VM 101').children ?? []),
      'Dual Band Wireless-AC… | hostpci0 · 04:00.0 · iwlwifi · group 13\n',
    );
  });

  test('mappings: the devices of this node, who uses them, and what is not there', () => {
    const rows = byUse(
      `--- etc/pve/mapping/pci.cfg
gpu
	map id=10de:2584,node=pve1,path=0000:01:00
	map id=10de:2584,node=pve2,path=0000:05:00

gone
	map id=10de:2584,node=pve1,path=0000:09:00.0
${vm(100, 'hostpci0: mapping=gpu\n')}`,
    );
    assert.equal(
      drawn([rowAt(rows, 'Mappings')], 3),
      `Mappings | 2
  gpu | 2 devices · VM 100
    GeForce RTX 3050 6GB | 01:00.0 · VM 100 · nouveau · group 2
    GA107 High Definition… | 01:00.1 · VM 100 · snd_hda_intel · group 2
  gone | 1 device
    09:00.0 | not on this host
`,
    );
    assert.equal(rowAt(rows, 'Mappings', 'gpu').takes, 'mapping=gpu');
    assert.equal(rowAt(rows, 'Mappings', 'gpu').location?.line, 1);
    const use = rowAt(rows, 'Mappings', 'gpu', 'GeForce RTX 3050 6GB', 'VM 100');
    assert.equal(use.description, 'hostpci0 · mapping gpu · running');
  });

  test('of several devices in a mapping it is not known which one a VM gets', () => {
    const site = readSite(
      `--- etc/pve/mapping/pci.cfg
nic
	map id=8086:1539,node=pve1,path=0000:03:00.0
	map id=8086:24fb,node=pve1,path=0000:04:00.0
${vm(100, '¦hostpci0: mapping=nic\n')}`,
      { host: demo },
    );
    const guest = rowAt(rowsOf(site.world, 'use'), 'VM 100');
    assert.equal(guest.description, 'running · 2 devices');
    const nic = everyRow(rowsOf(site.world)).find(row => row.address === '0000:03:00.0');
    assert.equal(nic?.description, '03:00.0 · VM 100? · igb');
    assert.equal(nic?.children?.[0]?.description, 'hostpci0 · mapping nic · one of 2 · running');
    assert.deepEqual(
      claimsOn(site.world, site.file, '0000:03:00.0').map(claim => claim.label),
      ['mapping nic'],
      'rules and hovers must not take it for granted',
    );
  });

  test('a mediated device leaves its function to the host', () => {
    const text = vm(100, 'hostpci0: 0000:00:11.0,mdev=pxmdev-1\n') + vm(101, 'hostpci0: 0000:00:11.0,mdev=pxmdev-2\n');
    const rows = byUse(text, { ...hostOf('mdev'), node: 'pve1' });
    const device = rowAt(rows, 'VM 100').children?.[0];
    assert.match(device?.description ?? '', /also VM 101/);
    assert.equal(device?.children?.[0]?.description, 'hostpci0 · pxmdev-2');
  });
});

suite('whose files and devices belong together', () => {
  test('guests of another node and files of another site are not this host’s', () => {
    const { world } = readSite(
      `${vm(101, 'hostpci0: 0000:03:00.0\n')}--- etc/pve/nodes/pve2/qemu-server/201.conf\nhostpci0: 0000:03:00.0\n`,
      { host: demo },
    );
    const elsewhere = readFile('file:///elsewhere/etc/pve/qemu-server/301.conf', 'hostpci0: 0000:03:00.0\n');
    const labels = rowsOf(withFile(world, elsewhere), 'use').map(row => row.label);
    assert.deepEqual(
      labels.filter(label => /^VM/.test(label)),
      ['VM 101'],
    );
  });

  test('a host that was asked has the guests of its node in any site, and nameless ones only where it is the only host', () => {
    const asked = (node: string) => ({ uri: `hostpci-host:/${node}`, root: undefined, inventory: { ...demo, node } });
    const files = [
      readFile('file:///a/etc/pve/nodes/pve1/qemu-server/101.conf', 'hostpci0: 0000:03:00.0\n'),
      readFile('file:///b/etc/pve/qemu-server/102.conf', 'hostpci0: 0000:04:00.0\n'),
    ];
    const one = files.reduce(withFile, withSnapshot(emptyWorld, asked('pve1')));
    const guests = (world: typeof one) =>
      deviceTree(world, 'use', '').map(host => (host.children ?? []).filter(row => /^VM/.test(row.label)).length);
    assert.deepEqual(guests(one), [2]);
    assert.deepEqual(guests(withSnapshot(one, asked('pve2'))), [1, 0]);
  });

  test('where the workspace has no files, the host’s own copies of them tell who uses what', () => {
    const host = hostOf('proxmox');
    const uri = 'hostpci-host:/pve1';
    const rows = rowsOf(worldOf(host, uri), 'use');
    const guest = rowAt(rows, 'VM 100');
    assert.equal(guest.description, 'running · 2 devices');
    const [path, query] = guest.location?.uri.split('?') ?? [];
    assert.equal(path, 'hostpci-file:/pve1/100.conf');
    assert.deepEqual(JSON.parse(decodeURIComponent(query ?? '')), [uri, '/etc/pve/nodes/pve1/qemu-server/100.conf']);
    assert.equal(
      host.files
        .get('/etc/pve/nodes/pve1/qemu-server/100.conf')
        ?.text.split('\n')
        [guest.location?.line ?? 0]?.slice(0, 9),
      'hostpci0:',
    );
    assert.ok(rowAt(rows, 'Mappings', 'gpu'));
  });

  test('a file of the workspace counts instead of the host’s copy', () => {
    const { world } = readSite(vm(100, 'name: empty\nhostpci1: 0000:08:00.0\n'), { host: hostOf('proxmox') });
    const guest = rowAt(rowsOf(world, 'use'), 'VM 100 (empty)');
    assert.match(guest.location?.uri ?? '', /^file:/);
    assert.match(drawn(guest.children ?? []), /hostpci1 · 08:00\.0/);
  });

  test('a guest that holds a device right now is told even where no file says so', () => {
    const reservations = [{ address: '0000:03:00.0' as PciAddress, vmid: 777 }];
    const rows = byUse(vm(101, 'memory: 512\n'), { ...demo, reservations });
    assert.equal(rowAt(rows, 'VM 777').description, 'running · 1 device');
    const nic = rowAt(rows, 'VM 777', 'I211 Gigabit');
    assert.equal(nic.context, 'device', 'there is no line to show');
    const held = byUse(vm(101, 'hostpci0: 0000:03:00.0\n'), {
      ...demo,
      reservations: [{ ...reservations[0]!, vmid: 101 }],
    });
    assert.equal(drawn([rowAt(held, 'VM 101')], 1), 'VM 101 | running · 1 device\n');
  });
});

suite('devices of containers', () => {
  const uses = (text: string, host: Inventory = demo): string => {
    const guests = byUse(ct(102, text), host).filter(row => row.context === 'guest');
    return drawn(
      guests.flatMap(row => row.children ?? []),
      1,
    );
  };
  const igpu = 'UHD Graphics 630 | KEY · 00:02.0 · host: console · i915 · group 0\n';
  const gpu = 'GeForce RTX 3050 6GB | KEY · 01:00.0 · nouveau · group 2\n';
  const as = (key: string, row: string): string => row.replace('KEY', key);

  test('by devN, lxc.mount.entry of a node or of its directory, and udev’s names with the address', () => {
    assert.equal(uses('dev0: /dev/dri/renderD128,gid=104\n'), as('dev0', igpu));
    const mount = 'lxc.mount.entry';
    assert.equal(uses(`${mount}: /dev/dri/card1 dev/dri/card1 none bind,optional,create=file 0 0\n`), as(mount, gpu));
    assert.equal(uses(`${mount}: /dev/dri dev/dri none bind,create=dir 0 0\n`), as(mount, igpu) + as(mount, gpu));
    assert.equal(uses('dev3: /dev/dri/by-path/pci-0000:01:00.0-render\n'), as('dev3', gpu));
  });

  test('by a rule for the control group that names one node, not by one for all of a kind', () => {
    assert.equal(uses('lxc.cgroup2.devices.allow: c 226:129 rwm\n'), as('lxc.cgroup2.devices.allow', gpu));
    assert.equal(uses('lxc.cgroup2.devices.allow: c 226:* rwm\n'), '');
    assert.equal(uses('lxc.cgroup2.devices.allow: b 226:129 rwm\n'), '');
    const both = 'lxc.cgroup2.devices.allow: c 226:129 rwm\nlxc.mount.entry: /dev/dri/renderD129 dev/x none bind 0 0\n';
    assert.equal(uses(both), as('lxc.mount.entry', gpu));
  });

  test('pending changes replace and take out, snapshots do not count', () => {
    const pending = (text: string): string => uses(`dev0: /dev/dri/renderD128\n\n[pve:pending]\n${text}`);
    assert.equal(pending('dev0: /dev/dri/renderD129\n'), as('dev0', gpu));
    assert.equal(pending('delete: dev0\n'), '');
    assert.equal(pending('dev1: /dev/dri/renderD129\n'), as('dev0', igpu) + as('dev1', gpu));
    assert.equal(uses('memory: 512\n\n[before]\ndev0: /dev/dri/renderD128\n'), '');
  });

  test('nodes without a device behind them, other paths and hosts of which no nodes are known', () => {
    assert.equal(uses('dev0: /dev/dri/renderD140\ndev1: /dev/ttyUSB0\n'), '');
    assert.equal(uses('dev0: /dev/dri/renderD128\n', { ...demo, deviceNodes: undefined }), '');
  });

  test('the language services hear of them, rules about handing a device away do not', () => {
    const site = readSite(vm(101, '¦hostpci0: 0000:01:00\n') + ct(102, 'dev0: /dev/dri/renderD129\n'), { host: demo });
    const labels = (claims: readonly { label: string }[]) => claims.map(({ label }) => label).sort();
    assert.deepEqual(labels(usersOf(site.world, site.file, '0000:01:00.0')), ['CT 102', 'VM 101']);
    assert.deepEqual(labels(claimsOn(site.world, site.file, '0000:01:00.0')), ['VM 101']);
  });
});

suite('alarms of the device tree', () => {
  const alarms = (text: string, host: Inventory = demo): readonly string[] =>
    deviceTree(readSite(text, { host }).world, 'group', '')[0]?.alarms ?? [];

  test('a VM that takes the disk or the network of the host', () => {
    assert.deepEqual(alarms(vm(103, 'hostpci0: 0000:05:00.0\nname: storage\n')), [
      'VM 103 (storage) takes the disk of the host (/): 05:00.0 SanDisk Ultra 3D / WD Blue SN550 NVMe SSD.',
    ]);
  });

  test('also through the group', () => {
    const host = changed(demo, { '0000:03:00.0': { iommuGroup: 11 } });
    assert.deepEqual(alarms(vm(103, 'hostpci0: 0000:03:00.0\n'), host), [
      'VM 103 takes the network card of bridge vmbr0: 00:1f.6 Ethernet Connection (2) I219-V, in one group with 03:00.0 I211 Gigabit Network Connection.',
    ]);
    const rows = rowsOf(readSite(vm(103, 'hostpci0: 0000:03:00.0\n'), { host }).world);
    assert.equal(rowAt(rows, 'Group 11').color, 'problemsErrorIcon.foreground');
  });

  test('not for one of several devices that a mapping may give, nor for a mediated device', () => {
    const mapping = `--- etc/pve/mapping/pci.cfg
disk
	map id=15b7:5009,node=pve1,path=0000:05:00.0
	map id=8086:a282,node=pve1,path=0000:00:17.0
`;
    assert.deepEqual(alarms(mapping + vm(103, 'hostpci0: mapping=disk\n')), []);
    assert.deepEqual(alarms(vm(103, 'hostpci0: 0000:05:00.0,mdev=x\n')), []);
  });

  test('not for a console or a keyboard, which people give away on purpose, nor for a container', () => {
    assert.deepEqual(alarms(vm(103, 'hostpci0: 0000:00:02.0\nhostpci1: 0000:00:14.0\n')), []);
    assert.deepEqual(alarms(ct(102, 'dev0: /dev/dri/renderD128\n')), []);
  });

  test('whatever the filter hides', () => {
    const { world } = readSite(vm(103, 'hostpci0: 0000:05:00.0\n'), { host: demo });
    assert.equal(deviceTree(world, 'class', 'nvidia')[0]?.alarms?.length, 1);
  });
});
