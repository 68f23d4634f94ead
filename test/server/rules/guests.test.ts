import assert from 'node:assert/strict';
import { stoppedVmGrabsDevice } from '../../../server/rules/backup/stopped-vm-grabs-device.ts';
import { mappingTooFew } from '../../../server/rules/conflict/mapping-too-few.ts';
import { sameDeviceTwoVms } from '../../../server/rules/conflict/same-device-two-vms.ts';
import { deviceOnlyOnSomeNodes } from '../../../server/rules/ha/device-only-on-some-nodes.ts';
import { noInstances } from '../../../server/rules/mdev/no-instances.ts';
import { nvidiaNeedsVf } from '../../../server/rules/mdev/nvidia-needs-vf.ts';
import { unknownType } from '../../../server/rules/mdev/unknown-type.ts';
import { hugepagesUnreserved } from '../../../server/rules/memory/hugepages-unreserved.ts';
import { pinnedOvercommit } from '../../../server/rules/memory/pinned-overcommit.ts';
import { localHostpci } from '../../../server/rules/migrate/local-hostpci.ts';
import type { Report } from '../../../server/rules/rule.ts';
import { pfAndVfBothUsed } from '../../../server/rules/sriov/pf-and-vf-both-used.ts';
import { controllerAlsoPassed } from '../../../server/rules/usb/controller-also-passed.ts';
import { checkRule } from '../../support/check.ts';

const host = (...sections: readonly string[]): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n${sections.join('')}== end\n`;
const functions = (...records: readonly string[]): string => `== pci functions: ok\n${records.join('')}`;
const fn = (address: string, classId: string, ...facts: readonly string[]): string =>
  `${address}\n  class: ${classId}\n${facts.map(fact => `  ${fact}\n`).join('')}`;
const file = (path: string, ...lines: readonly string[]): string =>
  `${path}\n${lines.map(line => `  | ${line}\n`).join('')}`;
const members = (...names: readonly string[]): string =>
  `== cluster nodes: ok\n${names.map(name => `${name}\n  online: yes\n`).join('')}`;
const running = (...vmids: readonly number[]): string =>
  `== guests: ok\n${vmids.map(vmid => `${vmid}\n  kind: qemu\n  running: yes\n`).join('')}`;
const vm = (id: number, text: string, node = 'pve1'): string =>
  `--- etc/pve/nodes/${node}/qemu-server/${id}.conf\n${text}`;

const severities = (reports: readonly Report[]): readonly string[] => reports.map(({ severity }) => severity);
const messages = (reports: readonly Report[]): string => reports.map(({ message }) => message).join('\n');

suite('rules about guests that want the same', () => {
  const check = (text: string, told?: string): readonly Report[] =>
    checkRule(sameDeviceTwoVms, text, undefined, told === undefined ? {} : { host: told });

  test('one device in two VMs: an error where both start by themselves, by hand or by HA', () => {
    const second = vm(101, 'hostpci0: «01:00»\nonboot: 1\n');
    assert.deepEqual(severities(check(vm(100, 'hostpci0: «01:00.0»\n') + second)), ['info', 'info']);
    assert.deepEqual(severities(check(vm(100, 'hostpci0: «01:00.0»\nonboot: 1\n') + second)), ['error', 'error']);
    for (const [state, wanted] of [
      ['started', 'error'],
      ['stopped', 'info'],
    ] as const) {
      const told = host('== files: ok\n', file('/etc/pve/ha/resources.cfg', 'vm: 100', `\tstate ${state}`));
      assert.deepEqual(severities(check(vm(100, 'hostpci0: «01:00.0»\n') + second, told)), [wanted, wanted], state);
    }
  });

  test('one device in two VMs: who runs now is said', () => {
    const text = vm(100, 'hostpci0: «01:00»\n') + vm(101, 'name: media\nhostpci0: «01:00»\n');
    assert.match(messages(check(text, host(running(101)))), /VM 101 \(media\) gets 01:00 as well and runs now/);
  });

  test('one device in two VMs: not templates, mediated devices, other functions, nodes or alternatives', () => {
    const first = vm(100, 'hostpci0: 01:00.0\nonboot: 1\n');
    check(first + vm(101, 'hostpci0: 01:00.1\nonboot: 1\n'));
    check(first + vm(101, 'hostpci0: 01:00.0\ntemplate: 1\n'));
    check(first + vm(101, 'hostpci0: 01:00.0,mdev=nvidia-63\n'));
    check(first + vm(101, 'hostpci0: 01:00.0\n', 'pve2'));
    check(`${first}--- etc/pve/qemu-server/100.conf\nhostpci0: 01:00.0\n`);
    const map = (path: string): string => `\tmap id=10de:2584,node=pve1,path=${path}\n`;
    const mapping = (...paths: readonly string[]): string =>
      `--- etc/pve/mapping/pci.cfg\ngpu\n${paths.map(map).join('')}`;
    const byName = vm(101, 'hostpci0: mapping=gpu\nonboot: 1\n');
    check(first + byName + mapping('0000:01:00.0', '0000:02:00.0'));
    const marked = vm(100, 'hostpci0: «01:00.0»\nonboot: 1\n') + byName.replace('gpu', '«gpu»');
    assert.deepEqual(severities(check(marked + mapping('0000:01:00.0'))), ['error', 'error']);
  });

  test('a mapping with too few devices: those that start by hand do not count', () => {
    const map = (fnDigit: number): string => `\tmap id=8086:1572,node=pve1,path=0000:03:00.${fnDigit}\n`;
    const site = (...lines: readonly string[]): string =>
      `--- etc/pve/mapping/pci.cfg\nnics\n${map(0)}${map(1)}${lines.map((line, index) => vm(100 + index, line)).join('')}`;
    const auto = 'hostpci0: mapping=nics\nonboot: 1\n';
    checkRule(mappingTooFew, site(auto, auto, 'hostpci0: mapping=nics\n'));
    checkRule(mappingTooFew, site(auto, auto, 'hostpci0: mapping=nics,mdev=x\nonboot: 1\n'));
    const marked = auto.replace('nics', '«nics»');
    checkRule(mappingTooFew, site(marked, marked, marked));
  });

  test('the backup of a VM that is off: only where a job covers it and somebody else has the device', () => {
    const told = (...job: readonly string[]): string =>
      host(
        functions(fn('0000:01:00.0', '0300')),
        '== device nodes: ok\n/dev/dri/renderD128\n  pci: 0000:01:00.0\n',
        '== files: ok\n',
        file('/etc/pve/jobs.cfg', 'vzdump: nightly', ...job.map(line => `\t${line}`)),
      );
    const other = vm(101, 'hostpci0: 01:00.0\nonboot: 1\n');
    const grabs = (text: string, ...job: readonly string[]): unknown =>
      checkRule(stoppedVmGrabsDevice, text, undefined, { host: told(...job) });
    const marked = vm(100, 'hostpci0: «01:00.0»\n') + other;
    grabs(marked, 'all 1');
    grabs(marked, 'vmid 99,100');
    grabs(marked, 'all 1', 'exclude 101', 'node pve1');
    grabs(
      `${vm(100, 'hostpci0: «01:00.0»\n')}--- etc/pve/nodes/pve1/lxc/200.conf\ndev0: /dev/dri/renderD128\n`,
      'all 1',
    );
    const silent = marked.replace(/[«»]/g, '');
    for (const job of [['all 1', 'exclude 100'], ['vmid 101'], ['all 1', 'enabled 0'], ['all 1', 'node pve2']])
      grabs(silent, ...job);
    grabs(vm(100, 'hostpci0: 01:00.0\nonboot: 1\n') + other, 'all 1');
    grabs(vm(100, 'hostpci0: 01:00.0\n'), 'all 1');
    checkRule(stoppedVmGrabsDevice, silent, undefined, { host: host(functions(fn('0000:01:00.0', '0300'))) });
  });
});

suite('rules about memory', () => {
  const pci = functions(fn('0000:01:00.0', '0300'), fn('0000:02:00.0', '0200'));
  const told = (...sections: readonly string[]): string => host('memory-kib: 33554432\n', pci, ...sections);

  test('pinned memory: one VM alone, without onboot', () => {
    checkRule(pinnedOvercommit, 'hostpci0: 01:00.0\nmemory: «32768»\n', undefined, { host: told() });
    checkRule(pinnedOvercommit, 'hostpci0: 01:00.0\nmemory: 30720\n', undefined, { host: told() });
    checkRule(pinnedOvercommit, 'memory: 32768\n', undefined, { host: told() });
    checkRule(pinnedOvercommit, 'hostpci0: 01:00.0,mdev=nvidia-63\nmemory: 32768\n', undefined, { host: told() });
  });

  test('pinned memory: the limit of the ZFS cache counts, VMs that want the same device count once', () => {
    const pair = (first: string, second: string, memory: string): string =>
      vm(100, `hostpci0: ${first}\nmemory: ${memory}\nonboot: 1\n`) +
      vm(101, `hostpci0: ${second}\nmemory: ${memory}\nonboot: 1\n`);
    const cache = '== module parameters: ok\nzfs.zfs_arc_max: 8589934592\n';
    checkRule(pinnedOvercommit, pair('01:00.0', '02:00.0', '14336'), undefined, { host: told() });
    checkRule(pinnedOvercommit, pair('01:00.0', '02:00.0', '«14336»'), undefined, { host: told(cache) });
    checkRule(pinnedOvercommit, pair('01:00.0', '01:00.0', '20480'), undefined, { host: told() });
  });

  test('huge pages: what the command line reserves, by every way of writing it', () => {
    const check = (memory: number, commandLine: string, mark = false): unknown =>
      checkRule(
        hugepagesUnreserved,
        `hugepages: ${mark ? '«1024»' : '1024'}\nmemory: ${memory}\nnuma: 1\n`,
        undefined,
        {
          host: host(`== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: ${commandLine}\n`),
        },
      );
    check(8192, 'hugepagesz=1G hugepages=8');
    check(8192, 'default_hugepagesz=1G hugepages=8');
    check(8192, 'hugepagesz=1G hugepages=0:4,1:4');
    check(8192, 'hugepagesz=2M hugepages=4096 hugepagesz=1G hugepages=8');
    check(8192, 'hugepages=8 hugepagesz=1G', true);
    check(8192, 'hugepagesz=1G hugepages=0:4,1:3', true);
    check(8193, 'hugepagesz=1G hugepages=8', true);
  });

  test('huge pages: a file that will reserve them, or reserves them at run time, is enough', () => {
    const wants = vm(100, 'hugepages: 1024\nmemory: 4096\nnuma: 1\n');
    const now = host('== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: quiet\n', '== boot: ok\nloader: grub\n');
    const grub = '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="hugepagesz=1G hugepages=4"\n';
    checkRule(hugepagesUnreserved, wants + grub, undefined, { host: now });
    const sysfs = '--- etc/sysfs.conf\nkernel/mm/hugepages/hugepages-1048576kB/nr_hugepages = 4\n';
    checkRule(hugepagesUnreserved, wants + sysfs, undefined, { host: now });
    checkRule(hugepagesUnreserved, wants.replace('1024', '«1024»'), undefined, { host: now });
    checkRule(hugepagesUnreserved, wants);
  });
});

suite('rules about parts of devices', () => {
  const igpu = fn('0000:00:02.0', '0300', 'vendor: 8086', 'driver: i915', 'mdev: i915-GVTg_V5_4 mdev 1');

  test('a type that is not offered: a doubt with NVIDIA, silence without types or while the VM runs', () => {
    const nvidia = fn('0000:41:00.4', '0302', 'vendor: 10de', 'driver: nvidia', 'mdev: nvidia-63 nvidia 1');
    const check = (text: string, ...sections: readonly string[]): readonly string[] =>
      severities(checkRule(unknownType, text, undefined, { host: host(...sections) }));
    assert.deepEqual(check('hostpci0: 00:02.0,mdev=«other»\n', functions(igpu)), ['error']);
    assert.deepEqual(check('hostpci0: 41:00.4,mdev=«nvidia-64»\n', functions(nvidia)), ['warning']);
    check('hostpci0: 00:02.0,mdev=other\n', functions(fn('0000:00:02.0', '0300', 'mdev: none')));
    check('hostpci0: 00:02.0,mdev=other\n', functions(fn('0000:00:02.0', '0300')));
    check(vm(100, 'hostpci0: 00:02.0,mdev=other\n'), functions(igpu), running(100));
  });

  test('no room: VMs that start by themselves count, and what runs has taken its share', () => {
    const type = 'i915-GVTg_V5_4';
    const onboot = vm(100, `hostpci0: 00:02.0,mdev=${type}\nonboot: 1\n`);
    const byHand = (mark: string): string => vm(101, `hostpci0: 00:02.0,mdev=${mark}\n`);
    const check = (text: string, ...sections: readonly string[]): unknown =>
      checkRule(noInstances, text, undefined, { host: host(functions(igpu), ...sections) });
    check(onboot + byHand(`«${type}»`));
    check(byHand(type));
    check(onboot + byHand(type), running(100));
    check(onboot + byHand(type), running(100, 101));
  });

  test('NVIDIA cards that still make vGPUs themselves', () => {
    const check = (release: string, ...facts: readonly string[]): unknown =>
      checkRule(nvidiaNeedsVf, 'hostpci0: 41:00.0,mdev=nvidia-63\n', undefined, {
        host: host(
          `== kernel: ok\nrelease: ${release}\n`,
          functions(fn('0000:41:00.0', '0302', 'vendor: 10de', ...facts)),
        ),
      });
    check('6.17.13-2-pve');
    check('6.5.13-6-pve', 'vf-total: 16');
    check('6.17.13-2-pve', 'vf-total: 16', 'mdev: nvidia-63 mdev 4');
  });

  test('a card and its virtual functions: Intel graphics always, others where they are used', () => {
    const card = (address: string, classId: string, vendor: string): string =>
      functions(
        fn(address, classId, `vendor: ${vendor}`, `vfs: ${address.slice(0, -1)}1`),
        fn(`${address.slice(0, -1)}1`, classId, `pf: ${address}`),
      );
    const check = (text: string, ...sections: readonly string[]): unknown =>
      checkRule(pfAndVfBothUsed, text, undefined, { host: host(...sections) });
    check('hostpci0: «00:02.0»\n', card('0000:00:02.0', '0300', '8086'));
    check('hostpci0: 03:00.0\n', card('0000:03:00.0', '0200', '15b3'));
    const needs = '== host needs: ok\n0000:03:00.1\n  kind: bridge-nic\n  detail: vmbr1\n';
    check('hostpci0: «03:00.0»\n', card('0000:03:00.0', '0200', '15b3'), needs);
  });

  test('a USB port: by bus, in this VM or another', () => {
    const told = host(functions(fn('0000:06:00.0', '0c03', 'interfaces: usb3 usb4')));
    const passes = vm(101, 'name: pc\nhostpci0: 06:00.0\n');
    const [report] = checkRule(controllerAlsoPassed, vm(100, 'usb0: host=«4-1»\n') + passes, undefined, { host: told });
    assert.match(report?.message ?? '', /VM 101 \(pc\) gets whole \(hostpci0\)/);
    for (const port of ['host=1-1', 'host=046d:c52b', 'host=spice'])
      checkRule(controllerAlsoPassed, vm(100, `usb0: ${port}\n`) + passes, undefined, { host: told });
  });
});

suite('rules about clusters', () => {
  test('a device by address: only in a cluster that is known to have several nodes', () => {
    const pci = functions(fn('0000:01:00.0', '0300', 'vendor: 10de', 'device: 2584', 'group: 2'));
    const check = (text: string, fixed?: string, ...sections: readonly string[]): unknown =>
      checkRule(localHostpci, text, fixed, { host: host(pci, ...sections) });
    check(vm(100, 'hostpci0: 01:00\n'));
    check(vm(100, 'hostpci0: 01:00\n'), undefined, members('pve1'));
    check(vm(100, 'hostpci0: «01:00»\n'), undefined, members('pve1', 'pve2'));
    check(vm(100, 'hostpci0: «01:00»\n') + vm(101, 'cores: 1\n', 'pve2'));
    check(vm(100, 'hostpci0: mapping=x\n') + vm(101, 'cores: 1\n', 'pve2'));
  });

  test('a device by address: the fix takes the mapping that is there, whatever else the line says', () => {
    const pci = functions(fn('0000:01:00.0', '0300', 'vendor: 10de', 'device: 2584', 'group: 2'));
    const cfg = '--- etc/pve/mapping/pci.cfg\ncard\n\tmap id=10de:2584,iommugroup=2,node=pve1,path=0000:01:00\n';
    checkRule(
      localHostpci,
      `${cfg}${vm(100, 'hostpci0: pcie=1,host=«01:00»,x-vga=1\n')}`,
      `${cfg}${vm(100, 'hostpci0: pcie=1,mapping=card,x-vga=1\n')}`,
      { host: host(pci, members('pve1', 'pve2')) },
    );
  });

  test('HA: strict rules and restricted groups keep a VM where its device is', () => {
    const cfg = '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:2584,node=pve1,path=0000:01:00.0\n';
    const check = (name: string, ...files: readonly string[]): readonly Report[] =>
      checkRule(deviceOnlyOnSomeNodes, cfg + vm(100, `hostpci0: mapping=${name}\n`), undefined, {
        host: host(members('pve1', 'pve2', 'pve3'), '== files: ok\n', ...files),
      });
    const resources = (...lines: readonly string[]): string =>
      file('/etc/pve/ha/resources.cfg', 'vm: 100', ...lines.map(line => `\t${line}`));
    const rule = (...lines: readonly string[]): string =>
      file('/etc/pve/ha/rules.cfg', 'node-affinity: gpu', ...lines.map(line => `\t${line}`));
    const group = (...lines: readonly string[]): string =>
      file('/etc/pve/ha/groups.cfg', 'group: gpus', ...lines.map(line => `\t${line}`));
    assert.match(messages(check('«gpu»', resources('state started'))), /on pve2 and pve3, which do not have/);
    check('gpu', resources('state ignored'));
    check('gpu');
    check('gpu', resources(), rule('nodes pve1', 'resources vm:99,vm:100', 'strict 1'));
    check('«gpu»', resources(), rule('nodes pve1', 'resources vm:100'));
    check('«gpu»', resources(), rule('nodes pve1', 'resources vm:100', 'strict 1', 'disable'));
    check('gpu', resources('group gpus'), group('nodes pve1:2', 'restricted 1'));
    assert.match(
      messages(check('«gpu»', resources('group gpus'), group('nodes pve1,pve3', 'restricted'))),
      /on pve3, which does/,
    );
  });
});
