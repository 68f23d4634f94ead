import assert from 'node:assert/strict';
import { sysfs } from '../../../server/languages/sysfs/sysfs.ts';
import { around, checkCompletion, checkHover, openSite } from '../../support/check.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300 VGA compatible controller
  vendor: 10de NVIDIA Corporation
  device: 1b80 GP104 [GeForce GTX 1080]
  driver: nouveau
  modules: nouveau
  reset-methods: bus
0000:02:00.0
  class: 0200 Ethernet controller
  vendor: 8086 Intel Corporation
  device: 1521 I350 Gigabit Network Connection
  driver: igb
  modules: igb
  vf-total: 7
  vf-count: 2
  interfaces: enp2s0f0
== end
`;

suite('sysfs settings in the editor', () => {
  test('an empty line: cards that can have VFs first', () => {
    const found = checkCompletion(
      sysfs,
      '# a\n¦\n',
      {
        has: [
          {
            label: 'bus/pci/devices/0000:02:00.0/sriov_numvfs',
            detail: '0–7 VFs',
            note: 'I350 Gigabit Network Connection',
            resultText: '# a\nbus/pci/devices/0000:02:00.0/sriov_numvfs = \n',
          },
          { label: 'bus/pci/devices/0000:01:00.0/', note: 'GeForce GTX 1080' },
          { label: 'class/net/enp2s0f0/' },
          'mode',
        ],
        hasNot: ['bus/pci/devices/0000:01:00.0/sriov_numvfs'],
      },
      { host },
    );
    assert.equal(
      [...found].sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))[0]?.label,
      'bus/pci/devices/0000:02:00.0/sriov_numvfs',
    );
  });

  test('attributes of a device; VFs only where the card has some', () => {
    checkCompletion(
      sysfs,
      'bus/pci/devices/0000:01:00.0/¦',
      { has: ['bus/pci/devices/0000:01:00.0/power/control'], hasNot: ['bus/pci/devices/0000:01:00.0/sriov_numvfs'] },
      { host },
    );
    checkCompletion(
      sysfs,
      '/bus/pci/devices/0000:02:00.0/sr¦ = 2',
      {
        has: [
          {
            label: '/bus/pci/devices/0000:02:00.0/sriov_numvfs',
            resultText: '/bus/pci/devices/0000:02:00.0/sriov_numvfs = 2',
          },
        ],
      },
      { host },
    );
    checkCompletion(sysfs, 'class/net/enp2s0f0/¦', { has: ['class/net/enp2s0f0/device/sriov_numvfs'] }, { host });
  });

  test('bridges come behind what can be handed over', () => {
    const bridge = `0000:00:01.0
  class: 0604 PCI bridge
  vendor: 8086 Intel Corporation
  device: 1901 6th-10th Gen Core Processor PCIe Controller (x16)
  driver: pcieport
0000:01:00.0`;
    const found = checkCompletion(sysfs, 'bus/¦', {}, { host: host.replace('0000:01:00.0', bridge) });
    const sorted = [...found]
      .sort((a, b) => ((a.sort ?? '') < (b.sort ?? '') ? -1 : 1))
      .map(one => one.label)
      .filter(label => label.startsWith('bus/') && label.endsWith('/'));
    assert.deepEqual(
      sorted,
      ['0000:01:00.0', '0000:02:00.0', '0000:00:01.0'].map(address => `bus/pci/devices/${address}/`),
    );
  });

  test('a written /sys is found in the list, and what is taken replaces it', () => {
    const found = checkCompletion(
      sysfs,
      '/sys/bus/pci/devices/0000:02:00.0/¦',
      {
        has: [
          {
            label: 'bus/pci/devices/0000:02:00.0/sriov_numvfs',
            resultText: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = ',
          },
        ],
      },
      { host },
    );
    assert.ok(found.every(one => one.filter?.startsWith('/sys/bus/pci/devices/0000:02:00.0/')));
  });

  test('behind a keyword: paths, without "="', () => {
    checkCompletion(
      sysfs,
      'mode bus/¦',
      { has: [{ label: 'bus/pci/devices/0000:01:00.0/', resultText: 'mode bus/pci/devices/0000:01:00.0/' }] },
      { host },
    );
  });

  test('values: as many VFs as there can be, what the device offers, what an attribute takes', () => {
    checkCompletion(
      sysfs,
      'bus/pci/devices/0000:02:00.0/sriov_numvfs = ¦',
      { order: ['0', '1', '2', '3', '4', '5', '6', '7'], has: [{ label: '2', note: 'now' }] },
      { host },
    );
    checkCompletion(sysfs, 'class/net/enp2s0f0/device/sriov_numvfs=¦', { count: 8 }, { host });
    const none = { has: [{ label: '0', detail: 'none' }], count: 1 };
    checkCompletion(sysfs, 'bus/pci/devices/0000:01:00.0/sriov_numvfs = ¦', none, { host });
    checkCompletion(
      sysfs,
      'bus/pci/devices/0000:01:00.0/driver_override = ¦',
      { order: ['vfio-pci', 'nouveau'] },
      { host },
    );
    checkCompletion(
      sysfs,
      'bus/pci/devices/0000:01:00.0/reset_method = b¦',
      { order: ['bus', 'device_specific'] },
      { host },
    );
    checkCompletion(sysfs, 'bus/pci/devices/0000:01:00.0/power/control = ¦', { order: ['on', 'auto'] });
    checkCompletion(sysfs, 'devices/system/cpu/cpu3/cpufreq/scaling_governor = ¦', { has: ['performance'] });
  });

  test('nothing in a comment, and paths without a host', () => {
    checkCompletion(sysfs, '# bus¦', { count: 0 }, { host });
    checkCompletion(sysfs, '¦', { has: ['kernel/mm/ksm/run'] });
  });

  test('hover: the device, the attribute, the value', () => {
    checkHover(
      sysfs,
      'bus/pci/devices/«0000:02:0¦0.0»/sriov_numvfs = 4',
      [/I350 Gigabit/, /2 of 7 virtual functions/],
      { host },
    );
    checkHover(
      sysfs,
      '«bus/pci/devices/0000:02:00.0/sriov_n¦umvfs» = 4',
      [/virtual functions/, /up to 7 VFs, and has 2 now/],
      { host },
    );
    checkHover(sysfs, 'bus/pci/devices/0000:02:00.0/sriov_numvfs = «¦4»', [/up to 7 VFs/], { host });
    checkHover(sysfs, 'bus/pci/devices/0000:01:00.0/power/control = «o¦n»', [/stays awake/]);
    checkHover(sysfs, '«mo¦de» power/state = 0660', [/permissions/]);
    checkHover(sysfs, 'class/unknown/x¦ = 1', undefined, { host });
  });

  test('hints, outline and folds', () => {
    const site = openSite('# a\n# b\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 4\nkernel/mm/ksm/run = 1\n', {
      language: sysfs,
      host,
    });
    const file = site.file as never;
    assert.deepEqual(sysfs.hints?.(file, around(site)), [
      { at: { line: 2, column: 28 }, label: 'I350 Gigabit Network Connection' },
    ]);
    assert.deepEqual(
      sysfs.symbols?.(file).map(({ name, detail, kind }) => [name, detail, kind]),
      [
        ['bus/pci/devices/0000:02:00.0/sriov_numvfs', '4', 'device'],
        ['kernel/mm/ksm/run', '1', 'key'],
      ],
    );
    assert.deepEqual(sysfs.folds?.(file), [{ from: 0, to: 1, kind: 'comment' }]);
  });
});
