import assert from 'node:assert/strict';
import {
  deviceLabel,
  emptyInventory,
  functionAt,
  groupMembers,
  isPassiveMember,
  type PciFunction,
  shortVendor,
  slotMembers,
  unknownFunction,
} from '../../host/inventory.ts';
import {
  compareAddresses,
  functionOf,
  parsePciAddress,
  parseSlotOrFunction,
  shortAddress,
  slotOf,
} from '../../host/pciAddress.ts';
import { classIdOf, classNameOf } from '../../host/pciClasses.ts';
import { splitNames } from '../../host/pciVendors.ts';

const fn = (address: string, facts: Partial<PciFunction> = {}): PciFunction => ({
  ...unknownFunction(parsePciAddress(address)!),
  ...facts,
});

suite('PCI addresses', () => {
  test('one spelling', () => {
    assert.equal(parsePciAddress('01:00.0'), '0000:01:00.0');
    assert.equal(parsePciAddress('0000:0A:1F.7'), '0000:0a:1f.7');
    assert.equal(parsePciAddress('10000:e1:00.0'), '10000:e1:00.0');
    assert.equal(parsePciAddress('00010000:e1:00.0'), '10000:e1:00.0');
    for (const wrong of ['', '1:00.0', '01:20.0', '01:00.8', '01:00', '000:01:00.0', '01:00.0 ', 'x01:00.0']) {
      assert.equal(parsePciAddress(wrong), undefined, wrong);
    }
  });

  test('slots', () => {
    assert.deepEqual(parseSlotOrFunction('01:00'), { slot: '0000:01:00', function: undefined });
    assert.deepEqual(parseSlotOrFunction('0000:01:00.1'), { slot: '0000:01:00', function: '0000:01:00.1' });
    assert.equal(parseSlotOrFunction('10de:1d01'), undefined);
    const address = parsePciAddress('10000:e1:00.3')!;
    assert.deepEqual([slotOf(address), functionOf(address)], ['10000:e1:00', 3]);
    assert.deepEqual([shortAddress('0000:01:00.0'), shortAddress('10000:e1:00.0')], ['01:00.0', '10000:e1:00.0']);
  });

  test('order', () => {
    const sorted = ['10000:e1:00.0', '0001:00:00.0', '0000:ff:00.0', '0000:00:1f.6'].sort(compareAddresses);
    assert.deepEqual(sorted, ['0000:00:1f.6', '0000:ff:00.0', '0001:00:00.0', '10000:e1:00.0']);
  });
});

suite('the inventory', () => {
  const inventory = {
    ...emptyInventory,
    functions: [
      fn('00:01.0', { classId: '0604', isBridge: true, iommuGroup: 2 }),
      fn('01:00.0', { classId: '0300', iommuGroup: 2 }),
      fn('01:00.1', { classId: '0403', iommuGroup: 2 }),
      fn('02:00.0', { classId: '1300', iommuGroup: 3 }),
    ],
  };
  const addresses = (functions: readonly PciFunction[]) => functions.map(({ address }) => shortAddress(address));

  test('look-ups', () => {
    assert.equal(functionAt(inventory, parsePciAddress('01:00.1')!)?.classId, '0403');
    assert.equal(functionAt(inventory, parsePciAddress('03:00.1')!), undefined);
    assert.deepEqual(addresses(groupMembers(inventory, 2)), ['00:01.0', '01:00.0', '01:00.1']);
    assert.deepEqual(addresses(slotMembers(inventory, '0000:01:00')), ['01:00.0', '01:00.1']);
    assert.deepEqual(addresses(inventory.functions.filter(isPassiveMember)), ['00:01.0', '02:00.0']);
  });

  test('labels', () => {
    const labels: readonly [Partial<PciFunction>, string][] = [
      [{ classId: '0300', deviceName: 'GP108 [GeForce GT 1030]' }, 'GeForce GT 1030'],
      [{ classId: '0106', deviceName: 'SATA controller [AHCI mode]' }, 'SATA controller [AHCI mode]'],
      [{ classId: '0600', deviceName: 'Host Bridge [Coffee Lake S]' }, 'Host Bridge [Coffee Lake S]'],
      [{ deviceName: 'AD102GL [RTX 6000 Ada Generation]' }, 'RTX 6000 Ada Generation'],
      [{ deviceName: 'I210 Gigabit Network Connection' }, 'I210 Gigabit Network Connection'],
      [{ classId: '0200', vendorId: '8086', deviceId: '1533' }, 'Intel Ethernet controller 8086:1533'],
      [{ vendorName: 'Advanced Micro Devices, Inc. [AMD/ATI]', className: 'Audio device' }, 'AMD Audio device'],
      [{}, 'PCI device'],
    ];
    for (const [facts, label] of labels) assert.equal(deviceLabel(fn('01:00.0', facts)), label);
  });

  test('short names of vendors', () => {
    const names: Readonly<Record<string, string>> = {
      'NVIDIA Corporation': 'NVIDIA',
      'Advanced Micro Devices, Inc. [AMD]': 'AMD',
      'Micro-Star International Co., Ltd. [MSI]': 'MSI',
      'Realtek Semiconductor Co., Ltd.': 'Realtek Semiconductor',
      'Samsung Electronics Co Ltd': 'Samsung',
      'SK hynix': 'SK hynix',
    };
    for (const [name, short] of Object.entries(names)) assert.equal(shortVendor(name), short);
  });
});

suite('names of classes and vendors', () => {
  test('classes', () => {
    assert.equal(classIdOf('VGA compatible controller'), '0300');
    assert.equal(classIdOf('network controller'), '0280');
    assert.equal(classIdOf('Feb 26'), undefined);
    assert.equal(classNameOf('0108'), 'Non-Volatile memory controller');
    assert.equal(classNameOf('9999'), undefined);
  });

  test('vendor and device', () => {
    const split: readonly [string, string | undefined, string | undefined][] = [
      ['NVIDIA Corporation GP108 [GeForce GT 1030]', 'NVIDIA Corporation', 'GP108 [GeForce GT 1030]'],
      ['Advanced Micro Devices, Inc. [AMD] FCH LPC Bridge', 'Advanced Micro Devices, Inc. [AMD]', 'FCH LPC Bridge'],
      ['Samsung Electronics Co Ltd NVMe SSD Controller', 'Samsung Electronics Co Ltd', 'NVMe SSD Controller'],
      ['Broadcom Corporation NetXtreme BCM5719', 'Broadcom Corporation', 'NetXtreme BCM5719'],
      ['Intel Corporation Device 4660', 'Intel Corporation', undefined],
      ['Lenovo Device', 'Lenovo', undefined],
      ['Nobody Knows Them Co., Ltd. Frobnicator', 'Nobody Knows Them Co., Ltd.', 'Frobnicator'],
      ['Frobnicator 3000', undefined, 'Frobnicator 3000'],
      ['Device', undefined, undefined],
    ];
    for (const [text, vendorName, deviceName] of split)
      assert.deepEqual(splitNames(text), { vendorName, deviceName }, text);
  });
});
