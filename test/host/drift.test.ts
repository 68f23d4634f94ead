import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Change, compare, isLasting } from '../../host/drift.ts';
import { emptyInventory, type Inventory, type PciFunction, unknownFunction } from '../../host/inventory.ts';
import type { PciAddress } from '../../host/pciAddress.ts';
import { parseSnapshot } from '../../host/snapshot.ts';

type Facts = Partial<PciFunction>;

const device = (address: string, facts: Facts = {}): PciFunction => ({
  ...unknownFunction(`0000:${address}` as PciAddress),
  ...{ vendorId: '10de', deviceId: '1c03', subsystemVendorId: '1458', subsystemDeviceId: '3724' },
  ...{ vendorName: 'NVIDIA Corporation', deviceName: 'GP106 [GeForce GTX 1060 6GB]', classId: '0300' },
  ...facts,
});
const nic = (address: string, facts: Facts = {}): PciFunction =>
  device(address, {
    ...{ vendorId: '8086', deviceId: '1539', deviceName: 'I211 Gigabit Network Connection', classId: '0200' },
    ...facts,
  });
const host = (functions: readonly PciFunction[], facts: Partial<Inventory> = {}): Inventory => ({
  ...{ ...emptyInventory, complete: true, functions },
  ...facts,
});
const texts = (changes: readonly Change[]): readonly string[] => changes.map(change => change.text);
const kinds = (changes: readonly Change[]): readonly string[] => changes.map(change => change.kind);

const recorded = (name: string): Inventory =>
  parseSnapshot(readFileSync(new URL(`../snapshots/${name}.snapshot`, import.meta.url), 'utf8'));

suite('drift', () => {
  test('nothing', () => {
    for (const name of ['demo', 'intel', 'intel-vfs', 'amd', 'mdev', 'iommu-off']) {
      assert.deepEqual(compare(recorded(name), recorded(name)), [], name);
    }
  });

  test('nothing is said of what one of the two does not know', () => {
    const known = device('01:00.0', { driver: 'nouveau', iommuGroup: 1, vfCount: 2 });
    const blank = unknownFunction(known.address);
    const kernel = { ...emptyInventory.kernel, release: '6.8.12-9-pve' };
    assert.deepEqual(compare(host([known], { kernel }), host([blank])), []);
    assert.deepEqual(compare(host([blank]), host([known], { kernel })), []);
    assert.deepEqual(compare(host([known], { complete: false }), host([], { complete: false })), []);
    assert.deepEqual(compare(host([], { complete: false }), host([known])), []);
  });

  test('another card at an address', () => {
    const [change] = compare(host([device('01:00.0')]), host([nic('01:00.0')]));
    assert.equal(change?.kind, 'other-device');
    assert.equal(change.address, '0000:01:00.0');
    assert.equal(
      change.text,
      '01:00.0 is I211 Gigabit Network Connection (8086:1539) now; it was GeForce GTX 1060 6GB (10de:1c03).',
    );
    assert.equal(change.was, 'GeForce GTX 1060 6GB (10de:1c03)');
  });

  test('a card of the same kind by another maker is another card', () => {
    const changes = compare(host([device('01:00.0')]), host([device('01:00.0', { subsystemVendorId: '1043' })]));
    assert.deepEqual(kinds(changes), ['other-device']);
  });

  test('a card that moved, into the place of one that is gone', () => {
    const changes = compare(host([device('01:00.0'), nic('03:00.0')]), host([device('03:00.0')]));
    assert.deepEqual(texts(changes), [
      'GeForce GTX 1060 6GB (10de:1c03) is at 03:00.0 now; it was at 01:00.0.',
      'I211 Gigabit Network Connection (8086:1539) is gone; it was at 03:00.0.',
    ]);
    assert.deepEqual([changes[0]?.kind, changes[0]?.from, changes[0]?.was], ['moved', '0000:01:00.0', 'at 01:00.0']);
  });

  test('a new card moves those behind it by one bus', () => {
    const before = host([nic('02:00.0'), nic('02:00.1'), device('03:00.0')]);
    const now = host([device('02:00.0', { deviceId: '2584' }), nic('03:00.0'), nic('03:00.1'), device('04:00.0')]);
    const changes = compare(before, now);
    assert.deepEqual(
      changes.map(change => [change.kind, change.address, change.from]),
      [
        ['other-device', '0000:02:00.0', undefined],
        ['moved', '0000:03:00.0', '0000:02:00.0'],
        ['moved', '0000:03:00.1', '0000:02:00.1'],
        ['moved', '0000:04:00.0', '0000:03:00.0'],
      ],
    );
  });

  test('two of a kind, one of which is gone: which one moved cannot be told', () => {
    const changes = compare(host([nic('02:00.0'), nic('03:00.0')]), host([nic('04:00.0')]));
    assert.deepEqual(kinds(changes), ['gone', 'gone', 'appeared']);
  });

  test('appeared and gone', () => {
    const changes = compare(host([device('01:00.0')]), host([nic('02:00.0')]));
    assert.deepEqual(texts(changes), [
      'GeForce GTX 1060 6GB (10de:1c03) is gone; it was at 01:00.0.',
      'I211 Gigabit Network Connection (8086:1539) is new at 02:00.0.',
    ]);
  });

  test('a group with new members says who joined', () => {
    const gpu = device('01:00.0', { iommuGroup: 1 });
    const bridge = nic('00:01.0', { iommuGroup: 1, isBridge: true });
    const before = host([bridge, gpu, nic('02:00.0', { iommuGroup: 7 })]);
    const now = host([bridge, { ...gpu, iommuGroup: 3 }, nic('02:00.0', { iommuGroup: 3 })]);
    assert.deepEqual(texts(compare(before, now)), [
      '01:00.0 GeForce GTX 1060 6GB is in IOMMU group 3 now, with 02:00.0 I211 Gigabit Network Connection in it.',
      '02:00.0 I211 Gigabit Network Connection is in IOMMU group 3 now, with 01:00.0 GeForce GTX 1060 6GB in it.',
    ]);
    assert.equal(compare(before, now)[0]?.was, 'in group 1 without 02:00.0');
    assert.match(texts(compare(now, before))[0] ?? '', /is in IOMMU group 1 now, without 02:00\.0/);
  });

  test('groups that only got other numbers are one change', () => {
    const before = host([device('01:00.0', { iommuGroup: 1 }), nic('02:00.0', { iommuGroup: 2 })]);
    const now = host([device('01:00.0', { iommuGroup: 4 }), nic('02:00.0', { iommuGroup: 5 })]);
    const changes = compare(before, now);
    assert.deepEqual(kinds(changes), ['groups-renumbered']);
    assert.match(changes[0]?.text ?? '', /^2 devices are in an IOMMU group of another number/);
    assert.equal(changes.some(isLasting), false);
  });

  test('an IOMMU that was switched on or off is one change', () => {
    const on = host([device('01:00.0', { iommuGroup: 1 }), nic('02:00.0', { iommuGroup: 2 })]);
    const off = host([device('01:00.0', { iommuGroup: null }), nic('02:00.0', { iommuGroup: null })]);
    assert.deepEqual(texts(compare(off, on)), ['The IOMMU is on now; it was off.']);
    assert.deepEqual(texts(compare(on, off)), ['The IOMMU is off now; it was on.']);
  });

  test('driver, kernel and number of VFs', () => {
    const kernel = (release: string) => ({ kernel: { ...emptyInventory.kernel, release } });
    const before = host(
      [device('01:00.0', { driver: 'nouveau' }), nic('03:00.0', { vfCount: 0 })],
      kernel('6.8.12-9-pve'),
    );
    const now = host([device('01:00.0', { driver: null }), nic('03:00.0', { vfCount: 4 })], kernel('6.14.8-2-pve'));
    assert.deepEqual(texts(compare(before, now)), [
      'The kernel is 6.14.8-2-pve; it was 6.8.12-9-pve.',
      '01:00.0 GeForce GTX 1060 6GB has no driver now; it had nouveau.',
      '03:00.0 I211 Gigabit Network Connection has 4 virtual functions now; it had 0.',
    ]);
    assert.equal(compare(before, now).some(isLasting), false);
  });

  test('virtual functions that come, go and change hands are only counted', () => {
    const physicalFunction = '0000:03:00.0' as PciAddress;
    const vf = (address: string, driver: string) => nic(address, { physicalFunction, driver });
    const before = host([nic('03:00.0', { vfCount: 1 }), vf('03:10.0', 'igbvf')]);
    const now = host([nic('03:00.0', { vfCount: 2 }), vf('03:10.0', 'vfio-pci'), vf('03:10.2', 'igbvf')]);
    assert.deepEqual(kinds(compare(before, now)), ['vf-count']);
  });

  test('a recorded host: other machine types, VFs and drivers', () => {
    assert.deepEqual(kinds(compare(recorded('intel'), recorded('iommu-off'))), ['iommu']);
    const drivers = compare(recorded('intel'), recorded('intel-vfio'));
    assert.deepEqual([...new Set(kinds(drivers))].sort(), ['driver', 'vf-count']);
    const other = compare(recorded('intel'), recorded('intel-vfs'));
    assert.deepEqual([...kinds(other)].sort(), ['appeared', 'gone', 'groups-renumbered', 'other-device', 'vf-count']);
  });

  test('a great many devices, each of which moved', () => {
    const many = Array.from({ length: 2000 }, (_, index) => {
      const [bus, slot] = [index >> 5, index & 31].map(part => part.toString(16).padStart(2, '0'));
      return nic(`${bus}:${slot}.0`, { iommuGroup: index, deviceId: index.toString(16).padStart(4, '0') });
    });
    const moved = many.map((fn, index) => ({ ...fn, deviceId: ((index + 1) % 2000).toString(16).padStart(4, '0') }));
    assert.equal(compare(host(many), host(moved)).length, 2000);
  });
});
