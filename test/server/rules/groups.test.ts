import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { handoversOf } from '../../../server/facts/handovers.ts';
import type { SourceFile } from '../../../server/languages/language.ts';
import type { VmConf } from '../../../server/languages/vmConf/tree.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { groupNotViable } from '../../../server/rules/iommu/group-not-viable.ts';
import { groupPartial } from '../../../server/rules/iommu/group-partial.ts';
import { groupSplitAcrossVms } from '../../../server/rules/iommu/group-split-across-vms.ts';
import { groupTakesHostDevice } from '../../../server/rules/iommu/group-takes-host-device.ts';
import { groupsMergedByKernel } from '../../../server/rules/iommu/groups-merged-by-kernel.ts';
import { multiPortNicShared } from '../../../server/rules/iommu/multi-port-nic-shared.ts';
import type { Report, Rule } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import type { World } from '../../../server/workspace/world.ts';
import { checkRule, demoHost, openSite, rethrow } from '../../support/check.ts';

const snapshot = (functions: string, more = ''): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n${more}== pci functions: ok\n${functions}`;
const fn = (address: string, group: number, classId: string, driver = 'some_driver'): string =>
  `${address}\n  class: ${classId}\n  group: ${group}\n  driver: ${driver}\n`;
const need = (address: string, kind: string, detail: string): string =>
  `== host needs: ok\n${address}\n  kind: ${kind}\n  detail: ${detail}\n`;
const end = '== end\n';

const vm = (id: number, text: string, node = 'pve1'): string =>
  `--- etc/pve/nodes/${node}/qemu-server/${id}.conf\n${text}`;

/** The group of a card on a desktop board: GPU, sound, and the disk of the host behind another port. */
const crowded =
  snapshot(fn('0000:01:00.0', 1, '0300') + fn('0000:01:00.1', 1, '0403') + fn('0000:04:00.0', 1, '0108')) +
  need('0000:04:00.0', 'root-disk', 'rpool') +
  end;

const severities = (reports: readonly Report[]): readonly string[] => reports.map(({ severity }) => severity);

suite('what a VM takes from the host', () => {
  const handovers = (text: string, host = demoHost()) => {
    const { world, file } = openSite(text, { language: vmConf, host });
    return handoversOf(world, file as SourceFile<VmConf>).map(({ entry, kind, passed, companions }) => [
      entry.key,
      kind,
      passed.map(one => one.fn.address).join(' '),
      companions.map(one => one.address).join(' '),
    ]);
  };

  test('all functions of a slot, or the one that is named, with the rest of the group', () => {
    assert.deepEqual(handovers('hostpci0: 01:00\n'), [['hostpci0', 'whole', '0000:01:00.0 0000:01:00.1', '']]);
    assert.deepEqual(handovers('hostpci3: 0000:01:00.0\n'), [['hostpci3', 'whole', '0000:01:00.0', '0000:01:00.1']]);
  });

  test('a companion that another entry of the VM gets is none', () => {
    assert.deepEqual(
      handovers('hostpci0: 01:00.0\nhostpci1: 01:00.1\n').map(one => one[3]),
      ['', ''],
    );
  });

  test('mediated and kept devices are told apart', () => {
    assert.deepEqual(
      handovers('hostpci0: 01:00.0,mdev=nvidia-63\nhostpci1: 03:00.0,driver=keep\n').map(one => one[1]),
      ['mediated', 'kept'],
    );
  });

  test('pending changes count, snapshots and templates do not', () => {
    assert.deepEqual(handovers('hostpci0: 01:00\n[PENDING]\nhostpci0: 03:00.0\n'), [
      ['hostpci0', 'whole', '0000:03:00.0', ''],
    ]);
    assert.deepEqual(handovers('hostpci0: 01:00\n[PENDING]\ndelete: hostpci0\n'), []);
    assert.deepEqual(handovers('cores: 1\n[before]\nhostpci0: 01:00\nsnaptime: 1700000000\n'), []);
    assert.deepEqual(handovers('hostpci0: 01:00\ntemplate: 1\n'), []);
  });

  test('a mapping with one device is that device; with alternatives it is not known which', () => {
    const map = (path: string): string => `\tmap id=8086:1539,node=pve1,path=${path}\n`;
    const site = (maps: string): string =>
      `${vm(100, 'hostpci0: mapping=nic\n')}--- etc/pve/mapping/pci.cfg\nnic\n${maps}`;
    assert.deepEqual(handovers(site(map('0000:03:00.0'))), [['hostpci0', 'whole', '0000:03:00.0', '']]);
    assert.deepEqual(handovers(site(map('0000:03:00.0') + map('0000:01:00.0'))), []);
  });

  test('nothing without a host, with a device that it does not have, or on another node', () => {
    assert.deepEqual(handovers('hostpci0: 77:00.0\n'), []);
    assert.deepEqual(handovers(vm(100, 'hostpci0: 01:00\n', 'pve2')), []);
    const { world, file } = openSite('hostpci0: 01:00\n', { language: vmConf });
    assert.deepEqual(handoversOf(world, file as SourceFile<VmConf>), []);
  });
});

suite('rules about IOMMU groups', () => {
  test('the disk of the host is an error, its keyboard a warning', () => {
    assert.deepEqual(severities(checkRule(groupTakesHostDevice, 'hostpci0: «01:00»\n', undefined, { host: crowded })), [
      'error',
    ]);
    const keyboard =
      snapshot(fn('0000:01:00.0', 1, '0300') + fn('0000:02:00.0', 1, '0c03')) +
      need('0000:02:00.0', 'usb-input', 'Keyboard') +
      end;
    assert.deepEqual(
      severities(checkRule(groupTakesHostDevice, 'hostpci0: «01:00»\n', undefined, { host: keyboard })),
      ['warning'],
    );
  });

  test('a VM that gets the whole group takes nothing along by accident', () => {
    checkRule(groupTakesHostDevice, 'hostpci0: 01:00\nhostpci1: 04:00.0\n', undefined, { host: crowded });
  });

  test('another port of the card is said by its own rule alone', () => {
    const host =
      snapshot(fn('0000:02:00.0', 1, '0200') + fn('0000:02:00.1', 1, '0200')) +
      need('0000:02:00.0', 'bridge-nic', 'vmbr0') +
      end;
    checkRule(groupTakesHostDevice, 'hostpci0: 02:00.1\n', undefined, { host });
    checkRule(groupPartial, 'hostpci0: 02:00.1\n', undefined, { host });
    checkRule(multiPortNicShared, 'hostpci0: «02:00.1»\n', undefined, { host });
  });

  test('a kernel that merges groups is the reason, and the override is not the advice', () => {
    const host = crowded.replace('== pci', '== kernel: ok\nrelease: 6.8.12-29-pve\n== pci');
    checkRule(groupTakesHostDevice, 'hostpci0: 01:00\n', undefined, { host });
    const [report] = checkRule(groupsMergedByKernel, 'hostpci0: «01:00»\n', undefined, { host });
    assert.match(report?.message ?? '', /6\.8\.12-29-pve is known to merge groups.*do not override ACS/);
    checkRule(groupsMergedByKernel, 'hostpci0: 01:00\n', undefined, { host: host.replace('12-29', '12-30') });
  });

  test('a group that grew with another kernel, as seen before', () => {
    const now = crowded.replace('== pci', '== kernel: ok\nrelease: 6.14.11-6-pve\n== pci');
    const before = now
      .replace('6.14.11-6', '6.14.8-2')
      .replace('04:00.0\n  class: 0108\n  group: 1', '04:00.0\n  class: 0108\n  group: 9');
    const count = (previous: string, rule: Rule): number => {
      const { world, file } = openSite('hostpci0: 01:00\n', { language: vmConf, host: now });
      const snapshots = world.snapshots.map(one => ({ ...one, previous: parseSnapshot(previous) }));
      const later: World = { ...world, snapshots };
      return runRules(ruleSet([rule]), file, later, rethrow).length;
    };
    assert.equal(count(before, groupsMergedByKernel), 1);
    assert.equal(count(before, groupTakesHostDevice), 0);
    assert.equal(count(before.replace('6.14.8-2', '6.14.11-6'), groupsMergedByKernel), 0, 'the kernel is the same');
    assert.equal(count(now.replace('6.14.11-6', '6.14.8-2'), groupsMergedByKernel), 0, 'the group is the same');
    const overridden = before.replace('6.14.8-2-pve', '6.14.8-2-pve\ncommand-line: pcie_acs_override=downstream');
    assert.equal(count(overridden, groupsMergedByKernel), 0, 'it was split on paper only');
  });

  test('one function of a card: not for VFs, pieces of the chipset, or a driver that is kept', () => {
    const host = (more: string): string =>
      snapshot(fn('0000:01:00.0', 1, '0300') + fn('0000:01:00.1', 1, '0403') + more) + end;
    checkRule(groupPartial, 'hostpci0: «01:00.0»\n', 'hostpci0: 0000:01:00\n', { host: host('') });
    checkRule(groupPartial, 'hostpci0: 01:00.0,driver=keep\n', undefined, { host: host('') });
    checkRule(groupPartial, 'hostpci0: 01:00.0\n', undefined, { host: host(fn('0000:01:00.2', 3, '0604')) });
    const chipset = snapshot(fn('0000:00:1f.3', 8, '0403') + fn('0000:00:1f.4', 8, '0c05')) + end;
    checkRule(groupPartial, 'hostpci0: 00:1f.3\n', undefined, { host: chipset });
    const vfs =
      snapshot(
        `${fn('0000:03:10.0', 5, '0200')}  pf: 0000:03:00.0\n${fn('0000:03:10.2', 5, '0200')}  pf: 0000:03:00.0\n`,
      ) + end;
    checkRule(groupPartial, 'hostpci0: 03:10.0\n', undefined, { host: vfs });
  });

  test('one function of a card: no fix where another entry has a function of it', () => {
    const three = fn('0000:01:00.0', 1, '0300') + fn('0000:01:00.1', 1, '0403') + fn('0000:01:00.2', 1, '0c03');
    const text = 'hostpci0: «01:00.0»\nhostpci1: «01:00.1»\n';
    const [report] = checkRule(groupPartial, text, undefined, { host: snapshot(three) + end });
    assert.deepEqual(report?.fixes, []);
  });

  test('a group in two VMs: an error where both start by themselves, else a warning', () => {
    const host = snapshot(fn('0000:02:00.0', 1, '0200') + fn('0000:02:00.1', 1, '0200')) + end;
    const check = (first: string, second: string): readonly string[] =>
      severities(checkRule(groupSplitAcrossVms, vm(100, first) + vm(101, second), undefined, { host }));
    assert.deepEqual(check('hostpci0: «02:00.0»\nonboot: 1\n', 'hostpci0: «02:00.1»\nonboot: 1\n'), ['error', 'error']);
    assert.deepEqual(check('hostpci0: «02:00.0»\nonboot: 1\n', 'hostpci0: «02:00.1»\n'), ['warning', 'warning']);
    assert.deepEqual(check('hostpci0: 02:00.0\n', 'hostpci0: 02:00.0\n'), [], 'the same device');
    assert.deepEqual(check('hostpci0: 02:00.0\n', 'hostpci0: 02:00.1\ntemplate: 1\n'), [], 'a template');
  });

  test('VMs of other nodes and the same VM at another path are no partners', () => {
    const host = snapshot(fn('0000:02:00.0', 1, '0200') + fn('0000:02:00.1', 1, '0200')) + end;
    const first = vm(100, 'hostpci0: 02:00.0\n');
    checkRule(groupSplitAcrossVms, first + vm(101, 'hostpci0: 02:00.1\n', 'pve2'), undefined, { host });
    checkRule(groupSplitAcrossVms, `${first}--- etc/pve/qemu-server/100.conf\nhostpci0: 02:00.1\n`, undefined, {
      host,
    });
  });

  test('a group that Proxmox does not bind: only with drivers that are no vfio', () => {
    const host = (driver: string): string =>
      snapshot(fn('0000:01:00.0', 1, '0300', 'vfio-pci') + fn('0000:01:00.1', 1, '0403', driver)) + end;
    for (const driver of ['vfio-pci', 'none', 'pci-stub', 'pcieport', 'mlx5_vfio_pci']) {
      checkRule(groupNotViable, 'hostpci0: 01:00.0,driver=keep\n', undefined, { host: host(driver) });
      checkRule(groupNotViable, 'args: -device vfio-pci,host=01:00.0\n', undefined, { host: host(driver) });
    }
    checkRule(groupNotViable, 'hostpci0: 01:00.0\n', undefined, { host: host('snd_hda_intel') });
    checkRule(groupNotViable, "args: -device 'vfio-pci,id=a,«host=0000:01:00.0»'\n", undefined, {
      host: host('snd_hda_intel'),
    });
  });
});
