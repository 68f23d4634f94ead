import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { functionAt, groupMembers, type Inventory } from '../../host/inventory.ts';
import { parseSnapshot } from '../../host/snapshot.ts';

const folder = new URL('../snapshots/', import.meta.url);
const names = readdirSync(folder).filter(name => /^lab-.*\.snapshot$/.test(name));
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const inventoryOf = (state: string): Inventory => parseSnapshot(textOf(`lab-${state}.snapshot`));

/** What could not be read on the running hosts; nothing else may be missing. */
const expectedGaps: Readonly<Record<string, readonly string[]>> = {
  'lab-user.snapshot': [
    'host needs: incomplete (only root is told of the disks in volume groups and pools)',
    'storages: could not be read (the cluster file system does not answer)',
    'guests: could not be read (the cluster file system does not answer)',
    'reservations: could not be read (not permitted; run it as root)',
    'cluster: could not be read (the cluster file system does not answer)',
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
        inventory.gaps.filter(gap => gap !== slowImage),
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
const slowImage = 'initramfs: whether it carries vfio-pci could not be found out';

const inventoryOfFile = (name: string): Inventory => parseSnapshot(textOf(name));

function assertConsistent(inventory: Inventory): void {
  const isOn = inventory.iommus!.length > 0;
  for (const fn of inventory.functions) {
    assert.equal(typeof fn.iommuGroup === 'number', isOn, `${fn.address}: in a group exactly where an IOMMU is on`);
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
