import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { functionAt, groupMembers, type Inventory } from '../../host/inventory.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { interruptRemapping } from '../../server/facts/interruptRemapping.ts';

const folder = new URL('../snapshots/', import.meta.url);
const names = readdirSync(folder).filter(name => /^lab-.*\.snapshot$/.test(name));
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const inventoryOf = (state: string): Inventory => parseSnapshot(textOf(`lab-${state}.snapshot`));

/** What could not be read on the running hosts; nothing else may be missing. */
const expectedGaps: Readonly<Record<string, readonly string[]>> = {
  'lab-user.snapshot': [
    'host needs: incomplete (only root is told of the disks in volume groups and pools)',
    'storages: could not be read (there, but not readable by this user; run it as root)',
    'guests: could not be read (there, but not readable by this user; run it as root)',
    'reservations: could not be read (not permitted; run it as root)',
    'cluster: could not be read (there, but not readable by this user; run it as root)',
    'kernel messages: could not be read (dmesg says nothing; run it as root)',
  ],
};

suite('snapshots of running hosts', () => {
  test('there are some', () => assert.ok(names.length >= 4, names.join()));

  for (const name of names) {
    test(`${name}: is whole, small, and lacks only what is expected`, () => {
      const inventory = parseSnapshot(textOf(name));
      assert.equal(inventory.complete, true);
      assert.ok(inventory.functions.length >= 40);
      assert.ok(statSync(new URL(name, folder)).size < 200 * 1024);
      assert.deepEqual(
        inventory.gaps.filter(gap => !slowImage.test(gap)),
        expectedGaps[name] ?? [],
      );
    });

    test(`${name}: groups, virtual functions and needs fit together`, () => assertConsistent(inventoryOfFile(name)));
  }

  test('virtual functions stand in groups of their own', () => {
    const inventory = inventoryOf('vfio');
    const parents = inventory.functions.filter(fn => fn.vfCount);
    assert.deepEqual(
      parents.map(fn => [fn.driver, fn.vfCount, fn.vfTotal]),
      [['nvme', 2, 4]],
    );
    for (const address of parents.flatMap(fn => fn.virtualFunctions ?? [])) {
      const group = functionAt(inventory, address)?.iommuGroup;
      assert.ok(typeof group === 'number' && groupMembers(inventory, group).length === 1, address);
    }
  });

  test('virtual functions of a network card, one of them on vfio-pci', () => {
    const inventory = inventoryOf('igb');
    const parent = inventory.functions.find(fn => fn.driver === 'igb');
    assert.deepEqual([parent?.address, parent?.vfCount, parent?.vfTotal], ['0000:10:00.0', 3, 7]);
    const children = parent?.virtualFunctions?.map(address => functionAt(inventory, address)) ?? [];
    assert.deepEqual(
      children.map(fn => [fn?.address, fn?.driver, fn?.driverOverride, fn?.modules, fn?.interfaces]),
      [
        ['0000:10:10.0', 'igbvf', undefined, ['igbvf'], ['enp16s0v0']],
        ['0000:10:10.2', 'vfio-pci', 'vfio-pci', ['igbvf'], []],
        ['0000:10:10.4', 'igbvf', undefined, ['igbvf'], ['enp16s0v2']],
      ],
    );
    assert.equal(new Set(children.map(fn => fn?.iommuGroup)).size, 3);
    assert.equal(inventory.files.get('/etc/sysfs.d/sriov.conf')?.text.includes('10:00.0/sriov_numvfs = 3'), true);
  });

  test('an AMD IOMMU is on without a word on the command line, and a group of two is on vfio-pci', () => {
    const inventory = inventoryOf('amd');
    assert.deepEqual(inventory.iommus, ['ivhd0']);
    assert.doesNotMatch(inventory.kernel.commandLine ?? '', /amd_iommu/);
    assert.deepEqual(
      groupMembers(inventory, 19).map(fn => [fn.address, fn.driver, fn.classId]),
      [
        ['0000:01:00.0', 'vfio-pci', '0380'],
        ['0000:01:00.1', 'vfio-pci', '0403'],
      ],
    );
    assert.ok(inventory.kernelMessages?.some(line => line.startsWith('ACPI: IVRS ')));
    assert.ok(inventory.kernelMessages?.some(line => /AMD-Vi: Interrupt remapping enabled/.test(line)));
  });

  test('interrupts are remapped where the kernel says so, also without x2APIC', () => {
    for (const state of ['intel', 'amd', 'igb', 'grub'])
      assert.equal(interruptRemapping(inventoryOf(state)).works, true);
    assert.ok(inventoryOf('igb').kernelMessages?.some(line => line.includes("doesn't support X2APIC mode")));
  });

  test('GRUB is the loader, and its file says what the kernel was told', () => {
    const { boot, files, kernel } = inventoryOf('grub');
    assert.equal(boot.loader, 'grub');
    assert.match(kernel.commandLine ?? '', /^BOOT_IMAGE=\/vmlinuz .* intel_iommu=on iommu=pt$/);
    assert.match(files.get('/etc/default/grub')?.text ?? '', /_DEFAULT="quiet intel_iommu=on iommu=pt"/);
    for (const other of ['intel', 'amd', 'igb']) assert.equal(inventoryOf(other).boot.loader, undefined);
  });

  test('the network card with the address of the host is a need; those that are down are none', () => {
    for (const state of ['amd', 'igb', 'grub', 'off']) {
      const needs = inventoryOf(state).hostNeeds.filter(need => need.kind.endsWith('-nic'));
      assert.deepEqual(needs, [{ address: '0000:00:03.0', kind: 'host-nic', detail: 'enp0s3' }], state);
    }
  });

  test('an IOMMU that was switched off', () => {
    const inventory = inventoryOf('off');
    assert.deepEqual([inventory.iommus, inventory.groupsWithDirectRegions], [[], []]);
    assert.ok(inventory.functions.every(fn => fn.iommuGroup === null));
    assert.match(inventory.kernel.commandLine ?? '', / intel_iommu=off\b/);
  });

  test('a bridge leads to its network card, a volume group to its disk', () => {
    const { hostNeeds, bridges } = inventoryOf('pve');
    assert.deepEqual(hostNeeds.map(need => `${need.address} ${need.kind} ${need.detail}`).sort(), [
      '0000:00:02.0 console fb0',
      '0000:00:03.0 bridge-nic enp0s3',
      '0000:00:04.0 root-disk /',
      '0000:07:00.0 disk pve',
      '0000:08:00.0 bridge-nic vmbr0',
    ]);
    assert.deepEqual(bridges, [{ name: 'vmbr0', ports: ['enp8s0'] }]);
  });

  test('an ordinary user is told the same of the devices as root', () => {
    assert.deepEqual(inventoryOf('user').functions, inventoryOf('pve').functions);
  });

  test('without lspci the names come from pci.ids', () => {
    const [bare, root] = [inventoryOf('no-lspci'), inventoryOf('pve')];
    for (const fn of root.functions) {
      const ours = functionAt(bare, fn.address);
      assert.deepEqual([ours?.deviceName, ours?.vendorName], [fn.deviceName, fn.vendorName], fn.address);
    }
  });
});

/** An emulated host needs longer to open its image than the collector waits. */
const slowImage = /^initramfs: .*whether it carries vfio-pci could not be found out$/;

const inventoryOfFile = (name: string): Inventory => parseSnapshot(textOf(name));

function assertConsistent(inventory: Inventory): void {
  const isOn = inventory.iommus!.length > 0;
  for (const fn of inventory.functions) {
    // AMD's IOMMU is a PCI function itself, and behind nothing.
    const isGrouped = isOn && fn.classId !== '0806';
    assert.equal(
      typeof fn.iommuGroup === 'number',
      isGrouped,
      `${fn.address}: in a group exactly where an IOMMU is on`,
    );
    assert.equal(fn.virtualFunctions?.length ?? 0, fn.vfCount ?? 0, fn.address);
    assert.ok((fn.vfCount ?? 0) <= (fn.vfTotal ?? 0), fn.address);
    assert.equal(fn.resettable, (fn.resetMethods?.length ?? 0) > 0, fn.address);
    for (const vf of fn.virtualFunctions ?? [])
      assert.equal(functionAt(inventory, vf)?.physicalFunction, fn.address, vf);
    if (fn.physicalFunction)
      assert.ok(functionAt(inventory, fn.physicalFunction)?.virtualFunctions?.includes(fn.address), fn.address);
    if (fn.driver && fn.modules?.length) assert.ok(fn.driver === 'vfio-pci' || fn.driver.length > 0, fn.address);
  }
  const known = new Set(inventory.functions.map(fn => fn.address));
  for (const need of inventory.hostNeeds) assert.ok(known.has(need.address), need.address);
  for (const node of inventory.deviceNodes ?? []) assert.ok(!node.address || known.has(node.address), node.path);
  const numbers = new Set(inventory.functions.flatMap(fn => fn.iommuGroup ?? []));
  assert.deepEqual(
    [...numbers].sort((a, b) => a - b),
    [...numbers.keys()].map((_, index) => index),
    'the kernel counts groups without holes',
  );
  assert.equal(inventory.functions.filter(fn => fn.bootVga).length, 1);
}
