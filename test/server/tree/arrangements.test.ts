import assert from 'node:assert/strict';
import { deviceTree, deviceTreeCard, type TreeSort } from '../../../server/services/deviceTree.ts';
import { shortName } from '../../../server/services/treeRow.ts';
import { emptyWorld, withSnapshot } from '../../../server/workspace/world.ts';
import { changed, drawn, everyRow, hostOf, rowAt, rowsOf, worldOf } from '../../support/tree.ts';

const sorts: readonly TreeSort[] = ['group', 'class', 'use'];
const hosts = ['amd', 'demo', 'intel', 'intel-vfio', 'intel-vfs', 'iommu-off', 'mdev', 'proxmox'];

suite('the device tree in each arrangement', () => {
  test('every function of every host is there, ids are unique, and nothing is left empty', () => {
    for (const name of hosts) {
      const inventory = hostOf(name);
      for (const sort of sorts) {
        const rows = everyRow(deviceTree(worldOf(inventory), sort, ''));
        const addresses = new Set(rows.flatMap(row => row.address ?? []));
        assert.deepEqual([...addresses].sort(), inventory.functions.map(fn => fn.address).sort(), `${name} ${sort}`);
        assert.equal(new Set(rows.map(row => row.id)).size, rows.length, `ids of ${name} ${sort}`);
        const odd = rows.filter(row => row.label === '' || /undefined|null|NaN|· ·|^ ·|· $/.test(drawn([row], 1)));
        assert.deepEqual(odd, [], `${name} ${sort}`);
      }
    }
  });

  test('by group: in the order of the numbers, bridges behind the devices, groups of bridges at the end', () => {
    assert.equal(
      drawn(rowsOf(worldOf(hostOf('demo'))), 2),
      `Group 0 | host: console
  UHD Graphics 630 | 00:02.0 · host: console · i915
Group 2 | 2 devices
  GeForce RTX 3050 6GB | 01:00.0 · nouveau
  GA107 High Definition… | 01:00.1 · snd_hda_intel
  (PCIe Controller (x16)) | 00:01.0 · pcieport
Group 3 | 2 devices · host: keyboard
  USB 3.0 xHCI Controller | 00:14.0 · host: keyboard · xhci_hcd
  Thermal Subsystem | 00:14.2 · group with host: keyboard · no driver
Group 4 |
  CSME HECI #1 | 00:16.0 · mei_me
Group 5 |
  SATA controller | 00:17.0 · ahci
Group 10 | 3 devices
  Power Management | 00:1f.2 · shares group with 2 others · no driver
  HD Audio | 00:1f.3 · shares group with 2 others · snd_hda_intel
  SMBus Controller | 00:1f.4 · shares group with 2 others · i801_smbus
  (LPC/eSPI Controller) | 00:1f.0 · no driver
Group 11 | host: vmbr0
  I219-V | 00:1f.6 · host: vmbr0 · e1000e
Group 12 |
  I211 Gigabit | 03:00.0 · igb
Group 13 |
  Dual Band Wireless-AC… | 04:00.0 · iwlwifi
Group 14 | host: / +2
  SanDisk Ultra 3D / WD… | 05:00.0 · host: / +2 · nvme
(Bridges only) | 5 groups
  (Group 1) | Host Bridge/DRAM… · 00:00.0
  (Group 6) | PCI Express Root Port #1 · 00:1c.0
  (Group 7) | PCI Express Root Port #6 · 00:1c.5
  (Group 8) | PCI Express Root Port #7 · 00:1c.6
  (Group 9) | PCI Express Root Port #9 · 00:1d.0
`,
    );
  });

  test('by group: what the host needs gives the whole group a warning colour', () => {
    const colors = new Map(rowsOf(worldOf(hostOf('demo'))).map(row => [row.label, row.color]));
    assert.equal(colors.get('Group 11'), 'problemsWarningIcon.foreground');
    assert.equal(colors.get('Group 10'), 'foreground');
    assert.equal(colors.get('Bridges only'), 'disabledForeground');
  });

  test('by class: what people pass through most comes first, with the group of each device', () => {
    assert.equal(
      drawn(rowsOf(worldOf(hostOf('demo')), 'class'), 2),
      `Graphics | 2 devices
  UHD Graphics 630 | 00:02.0 · host: console · i915 · group 0
  GeForce RTX 3050 6GB | 01:00.0 · nouveau · group 2
Network | 3 devices
  I219-V | 00:1f.6 · host: vmbr0 · e1000e · group 11
  I211 Gigabit | 03:00.0 · igb · group 12
  Dual Band Wireless-AC… | 04:00.0 · iwlwifi · group 13
Storage | 2 devices
  SATA controller | 00:17.0 · ahci · group 5
  SanDisk Ultra 3D / WD… | 05:00.0 · host: / +2 · nvme · group 14
USB | 1 device
  USB 3.0 xHCI Controller | 00:14.0 · host: keyboard · xhci_hcd · group 3
Audio and video | 2 devices
  HD Audio | 00:1f.3 · shares group with 2 others · snd_hda_intel · group 10
  GA107 High Definition… | 01:00.1 · snd_hda_intel · group 2
System | 4 devices
  Thermal Subsystem | 00:14.2 · group with host: keyboard · no driver · group 3
  CSME HECI #1 | 00:16.0 · mei_me · group 4
  Power Management | 00:1f.2 · shares group with 2 others · no driver · group 10
  SMBus Controller | 00:1f.4 · shares group with 2 others · i801_smbus · group 10
(Bridges) | 7 devices
  (Host Bridge/DRAM…) | 00:00.0 · skl_uncore · group 1
  (PCIe Controller (x16)) | 00:01.0 · pcieport · group 2
  (PCI Express Root Port #1) | 00:1c.0 · pcieport · group 6
  (PCI Express Root Port #6) | 00:1c.5 · pcieport · group 7
  (PCI Express Root Port #7) | 00:1c.6 · pcieport · group 8
  (PCI Express Root Port #9) | 00:1d.0 · pcieport · group 9
  (LPC/eSPI Controller) | 00:1f.0 · no driver · group 10
`,
    );
  });

  test('by use: without any guest, by what could be done with a device', () => {
    assert.equal(
      drawn(rowsOf(worldOf(hostOf('demo')), 'use'), 1),
      `Bound by the host | 6
Share a group | 3
Tied to the host by their group | 1
The host needs them | 4
(Bridges) | 7
`,
    );
  });

  test('a device that is bound to vfio-pci and alone is ready', () => {
    const rows = rowsOf(worldOf(hostOf('intel-vfio')), 'use');
    const ready = rowAt(rows, 'Ready for passthrough').children ?? [];
    assert.ok(ready.some(row => /vfio-pci/.test(row.description ?? '')));
    assert.ok(ready.every(row => row.color === 'charts.green'));
  });

  test('a host without IOMMU says so instead of groups', () => {
    const [group, ...more] = rowsOf(worldOf(hostOf('iommu-off')));
    assert.equal(group?.label, 'In no IOMMU group');
    assert.deepEqual(more, []);
    assert.ok(everyRow([group]).some(row => /no IOMMU group/.test(row.description ?? '')));
  });

  test('a listing that tells no groups and no drivers claims nothing about them', () => {
    const demo = hostOf('demo');
    const functions = demo.functions.map(fn => ({ ...fn, iommuGroup: undefined, driver: undefined }));
    const world = worldOf({ ...demo, functions, hostNeeds: [], takenAt: undefined });
    assert.deepEqual(
      rowsOf(world).map(row => row.label),
      ['IOMMU groups not known'],
    );
    assert.deepEqual(
      rowsOf(world, 'use').map(row => row.label),
      ['Driver not known', 'Bridges'],
    );
    assert.match(deviceTree(world, 'group', '')[0]?.description ?? '', /^from a listing · 21 devices$/);
  });

  test('small hosts start open, large ones closed; bridges are closed in both', () => {
    const small = rowsOf(worldOf(hostOf('demo')));
    assert.equal(rowAt(small, 'Group 2').open, true);
    assert.equal(rowAt(small, 'Bridges only').open, false);
    const demo = hostOf('demo');
    const copies = Array.from({ length: 3 }, (_, index) =>
      demo.functions.map(fn => ({ ...fn, address: `000${index}${fn.address.slice(4)}` as typeof fn.address })),
    );
    const large = rowsOf(worldOf({ ...demo, functions: copies.flat() }));
    assert.equal(rowAt(large, 'Group 2').open, false);
    assert.match(rowAt(large, 'Group 12').description ?? '', /^I211 Gigabit \+2/);
  });

  test('several hosts stand in the order of their names, numbers as numbers', () => {
    const named = (node: string) => ({ ...hostOf('demo'), node });
    const world = ['pve10', 'pve2'].reduce(
      (before, node) => withSnapshot(before, { uri: `hostpci-host:/${node}`, root: undefined, inventory: named(node) }),
      emptyWorld,
    );
    const rows = deviceTree(world, 'group', '');
    assert.deepEqual(
      rows.map(row => [row.label, row.hostName, row.context]),
      [
        ['pve2', 'pve2', 'host.asked'],
        ['pve10', 'pve10', 'host.asked'],
      ],
    );
  });

  test('what changed since the host was asked before is told on its row and on the device', () => {
    const previous = changed(hostOf('demo'), { '0000:01:00.0': { driver: 'vfio-pci' } });
    const inventory = hostOf('demo');
    const world = withSnapshot(emptyWorld, { uri: 'hostpci-host:/pve1', root: undefined, inventory, previous });
    const [host] = deviceTree(world, 'group', '');
    assert.match(host?.description ?? '', /1 change/);
    assert.equal(host?.context, 'host.asked.changed');
    const gpu = rowAt(host?.children ?? [], 'Group 2', 'GeForce RTX 3050 6GB');
    assert.equal(gpu.description, '01:00.0 · nouveau · was: vfio-pci');
    const card = deviceTreeCard(world, { host: 'hostpci-host:/pve1', address: '0000:01:00.0' });
    assert.match(card ?? '', /\*\*Changed:\*\* .*nouveau/);
  });
});

suite('virtual functions and mediated devices in the tree', () => {
  test('a PF has its VFs below it, by number, with their groups', () => {
    const rows = rowsOf(worldOf(hostOf('intel-vfs')));
    assert.equal(
      drawn([rowAt(rows, 'Group 27')]),
      `Group 27 |
  82576 Gigabit | 10:00.0 · igb · 4 of 7 VFs
    VF 0 | 10:10.0 · igbvf · group 32
    VF 1 | 10:10.2 · ready · vfio-pci · group 33
    VF 2 | 10:10.4 · igbvf · group 34
    VF 3 | 10:10.6 · igbvf · group 35
`,
    );
    assert.ok(!rows.some(row => row.label === 'Group 33'));
    const byClass = rowsOf(worldOf(hostOf('intel-vfs')), 'class');
    assert.equal(rowAt(byClass, 'Network', '82576 Gigabit').children?.length, 4);
  });

  test('a VF whose group holds anything else stands in that group', () => {
    const shared = changed(hostOf('intel-vfs'), { '0000:10:10.2': { iommuGroup: 26 } });
    const rows = rowsOf(worldOf(shared));
    assert.equal(
      drawn([rowAt(rows, 'Group 26')], 2),
      `Group 26 | 2 devices
  MegaRAID SAS 2108 | 0f:00.0 · shares group with 1 other · megaraid_sas
  82576 Virtual Function | 10:10.2 · shares group with 1 other · vfio-pci · VF 1 of 10:00.0
  (XIO3130 PCI Express…) | 0d:01.0 · pcieport
`,
    );
    assert.equal(rowAt(rows, 'Group 27', '82576 Gigabit').children?.length, 3);
  });

  test('by use each VF stands where its own use puts it', () => {
    const ready = rowAt(rowsOf(worldOf(hostOf('intel-vfs')), 'use'), 'Ready for passthrough');
    const vf = rowAt(ready.children ?? [], '82576 Virtual Function');
    assert.equal(vf.description, '10:10.2 · ready · vfio-pci · VF 1 of 10:00.0 · group 33');
    assert.equal(vf.context, 'device.vf');
  });

  test('types of mediated devices tell how many can still be made', () => {
    const device = everyRow(rowsOf(worldOf(hostOf('mdev')))).find(row => row.address === '0000:00:11.0');
    assert.equal(
      drawn(device?.children ?? []),
      `PX test vGPU quarter | pxmdev-1 · 2 free
PX test vGPU half | pxmdev-2 · 1 free
(PX test vGPU full) | pxmdev-4 · none free
`,
    );
    assert.equal(device?.children?.[0]?.takes, '0000:00:11.0,mdev=pxmdev-1');
    assert.match(device?.children?.[0]?.tooltip ?? '', /max\\_instance=4/);
  });
});

suite('what a row of the tree says', () => {
  test('a screen reader hears whole words', () => {
    const rows = everyRow(rowsOf(worldOf(hostOf('demo'))));
    assert.equal(
      rows.find(row => row.address === '0000:00:1f.6')?.spoken,
      'Intel Ethernet Connection (2) I219-V at 00:1f.6, driver e1000e, IOMMU group 11, the host needs it: network card of bridge vmbr0',
    );
    assert.ok(rows.filter(row => row.address).every(row => row.spoken));
  });

  test('the card of a device and of a group, escaped; none for what is not there', () => {
    const name = 'Evil [x](command:a) <b> `c`';
    const demo = changed(hostOf('demo'), { '0000:03:00.0': { deviceName: name } });
    const world = worldOf(demo);
    const host = 'file:///site/pve1.snapshot';
    const card = deviceTreeCard(world, { host, address: '0000:03:00.0' });
    assert.match(card ?? '', /Evil \\\[x\\\]\(command:a\) \\<b\\> \\`c\\`/);
    const group = deviceTreeCard(world, { host, group: 12 });
    assert.match(group ?? '', /^\*\*IOMMU group 12\*\*\n\n- `03:00\.0` Evil \\\[x\\\]/);
    assert.equal(deviceTreeCard(world, { host, address: '0000:99:00.0' }), undefined);
    assert.equal(deviceTreeCard(world, { host: 'file:///other', group: 12 }), undefined);
  });

  test('names are cut where they say least', () => {
    const names: readonly (readonly [string, string])[] = [
      ['GeForce RTX 3050 6GB', 'GeForce RTX 3050 6GB'],
      ['200 Series/Z370 Chipset Family USB 3.0 xHCI Controller', 'USB 3.0 xHCI Controller'],
      ['Cannon Lake PCH cAVS', 'cAVS'],
      ['Ethernet Controller X710 for 10GbE SFP+', 'X710 for 10GbE SFP+'],
      ['82599ES 10-Gigabit SFI/SFP+ Network Connection', '82599ES 10-Gigabit SFI…'],
      ['Intel System peripheral 8086:0b25', 'System… 8086:0b25'],
      ['Intel Co-processor 8086:4940', 'Co-processor 8086:4940'],
      ['QEMU Device 1234:11e8', 'QEMU Device 1234:11e8'],
      ['Dual Band Wireless-AC 3168NGW [Stone Peak]', 'Dual Band Wireless-AC…'],
      ['Averyveryverylongsinglewordwithoutanyblank', 'Averyveryverylongsinglew…'],
    ];
    for (const [name, short] of names) assert.equal(shortName(name), short);
  });
});
