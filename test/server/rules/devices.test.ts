import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { amdgpuUnbindHang } from '../../../server/rules/bind/amdgpu-unbind-hang.ts';
import { driverOverrideStale } from '../../../server/rules/bind/driver-override-stale.ts';
import { hostDriverAtBoot } from '../../../server/rules/bind/host-driver-at-boot.ts';
import { noReset } from '../../../server/rules/bind/no-reset.ts';
import { nvmeBootDisk } from '../../../server/rules/bind/nvme-boot-disk.ts';
import { onlyGpuPassed } from '../../../server/rules/bind/only-gpu-passed.ts';
import { pmLessDeviceRegression } from '../../../server/rules/bind/pm-less-device-regression.ts';
import { vendorResetNotConfigured } from '../../../server/rules/bind/vendor-reset-not-configured.ts';
import { deviceGone } from '../../../server/rules/drift/device-gone.ts';
import { deviceIdentityChanged } from '../../../server/rules/drift/device-identity-changed.ts';
import { above4gRebar } from '../../../server/rules/firmware/above-4g-rebar.ts';
import { iommuAbsent } from '../../../server/rules/firmware/iommu-absent.ts';
import { irqRemappingMissing } from '../../../server/rules/firmware/irq-remapping-missing.ts';
import { rmrrIneligible } from '../../../server/rules/firmware/rmrr-ineligible.ts';
import { vmdHidesNvme } from '../../../server/rules/firmware/vmd-hides-nvme.ts';
import { bridgePassed } from '../../../server/rules/hostpci/bridge-passed.ts';
import { legacyIgdGeneration } from '../../../server/rules/hostpci/legacy-igd-generation.ts';
import { q35WithoutPcie } from '../../../server/rules/hostpci/q35-without-pcie.ts';
import { romfileInvalid } from '../../../server/rules/hostpci/romfile-invalid.ts';
import { romfileMissing } from '../../../server/rules/hostpci/romfile-missing.ts';
import { stale } from '../../../server/rules/initramfs/stale.ts';
import type { Report, Rule } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { checkRule, openSite, rethrow } from '../../support/check.ts';

const host = (...sections: readonly string[]): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n${sections.join('')}== end\n`;
const functions = (...records: readonly string[]): string => `== pci functions: ok\n${records.join('')}`;
const fn = (address: string, classId: string, ...facts: readonly string[]): string =>
  `${address}\n  class: ${classId}\n${facts.map(fact => `  ${fact}\n`).join('')}`;
const kernel = (release: string, commandLine = 'quiet'): string =>
  `== kernel: ok\nrelease: ${release}\ncommand-line: ${commandLine}\n`;
const messages = (...lines: readonly string[]): string =>
  `== kernel messages: ok\n${lines.map(line => `  | ${line}\n`).join('')}`;
const vm = (id: number, text: string): string => `--- etc/pve/nodes/pve1/qemu-server/${id}.conf\n${text}`;

const messageOf = (reports: readonly Report[]): string => reports[0]?.message ?? '';

suite('rules about binding', () => {
  const card = (driver: string): string =>
    fn('0000:01:00.0', '0300', 'vendor: 10de', 'device: 2584', `driver: ${driver}`);
  const onHostDriver = host(functions(card('nouveau')));

  test('a graphics driver of the host: not where a file reserves the card in any of the usual ways', () => {
    checkRule(hostDriverAtBoot, vm(100, 'hostpci0: «01:00»\n'), undefined, { host: onHostDriver });
    for (const file of [
      'etc/modprobe.d/a.conf\noptions vfio-pci ids=10DE:2584\n',
      'etc/modprobe.d/a.conf\nblacklist nouveau\n',
      'etc/modprobe.d/a.conf\nsoftdep nouveau pre: vfio-pci\n',
      'etc/modprobe.d/a.conf\ninstall nouveau /bin/false\n',
      'etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 vfio-pci.ids=10de:2584,10de:2291\n',
      'etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet modprobe.blacklist=nouveau"\n',
    ]) {
      checkRule(hostDriverAtBoot, `--- ${file}${vm(100, 'hostpci0: 01:00\n')}`, undefined, { host: onHostDriver });
    }
    for (const [path, line] of [
      ['/etc/driverctl.d/pci-0000:01:00.0', 'vfio-pci'],
      ['/etc/udev/rules.d/10-vfio.rules', 'SUBSYSTEM=="pci", KERNEL=="0000:01:00.0", ATTR{driver_override}="vfio-pci"'],
    ]) {
      const told = host(functions(card('nouveau')), `== files: ok\n${path}\n  | ${line}\n`);
      checkRule(hostDriverAtBoot, vm(100, 'hostpci0: 01:00\n'), undefined, { host: told });
    }
  });

  test('a graphics driver of the host: a comment reserves nothing, and neither does the id of another card', () => {
    for (const line of ['# blacklist nouveau', 'options vfio-pci ids=10de:1b80', 'blacklist nvidiafb']) {
      checkRule(hostDriverAtBoot, `--- etc/modprobe.d/a.conf\n${line}\n${vm(100, 'hostpci0: «01:00»\n')}`, undefined, {
        host: onHostDriver,
      });
    }
  });

  test('a graphics driver of the host: not with a hookscript, in a shared card, or with mdev', () => {
    const quiet = (text: string, told = onHostDriver): unknown =>
      checkRule(hostDriverAtBoot, text, undefined, { host: told });
    quiet(vm(100, 'hookscript: local:snippets/gpu.sh\nhostpci0: 01:00\n'));
    quiet(vm(100, 'hostpci0: 01:00.0,mdev=nvidia-63\n'));
    const nodes = '== device nodes: ok\n/dev/dri/renderD129\n  pci: 0000:01:00.0\n';
    const shared = '--- etc/pve/nodes/pve1/lxc/200.conf\ndev0: /dev/dri/renderD129\n';
    quiet(`${shared}${vm(100, 'hostpci0: 01:00\n')}`, host(functions(card('nouveau')), nodes));
    quiet(vm(100, 'hostpci0: 01:00\n'), host(functions(card('vfio-pci'))));
  });

  test('the only card: not where another one is left, or a serial console, or not all is known', () => {
    const boot = fn('0000:01:00.0', '0300', 'boot-vga: yes');
    const check = (text: string, told: string): unknown => checkRule(onlyGpuPassed, text, undefined, { host: told });
    check(vm(100, 'hostpci0: «01:00»\n'), host(functions(boot)));
    check(vm(100, 'hostpci0: «01:00»\n'), host(functions(boot, fn('0000:02:00.0', '0302'))));
    check(vm(100, 'hostpci0: 01:00\n'), host(functions(boot, fn('0000:02:00.0', '0300'))));
    check(vm(100, 'hostpci0: 01:00\n'), host(functions(boot), kernel('6.8.12-9-pve', 'quiet console=ttyS0,115200')));
    check(vm(100, 'hostpci0: 01:00\n'), host(functions(boot).replace(': ok', ': partly')));
    const two = host(functions(boot, fn('0000:02:00.0', '0300')));
    check(vm(100, 'hostpci0: «01:00»\n') + vm(101, 'hostpci0: 02:00\n'), two);
    check(vm(100, 'hostpci0: 01:00\n') + vm(101, 'hostpci0: 02:00.0,mdev=x\n'), two);
  });

  test('resets: stuck chips, chips without any, and what cures them', () => {
    const amd = (device: string, ...facts: readonly string[]): string =>
      functions(fn('0000:03:00.0', '0300', 'vendor: 1002', `device: ${device}`, ...facts));
    const check = (text: string, ...sections: readonly string[]): readonly Report[] =>
      checkRule(noReset, text, undefined, { host: host(...sections) });
    check('hostpci0: «03:00»\n', amd('731f', 'reset: yes', 'reset-methods: bus'));
    check('hostpci0: «03:00»\n', amd('164e', 'reset: yes', 'reset-methods: pm bus'));
    check('hostpci0: «03:00»\n', amd('ffff', 'reset: no'));
    check('hostpci0: 03:00\n', amd('731f', 'reset: yes', 'reset-methods: device_specific bus'));
    check('hostpci0: 03:00\n', amd('73bf', 'reset: yes', 'reset-methods: bus'));
    check('hostpci0: 03:00\n', amd('731f', 'reset: yes'));
    check('hookscript: local:snippets/reset.sh\nhostpci0: 03:00\n', amd('731f', 'reset: no'));
    const loaded = '== loaded modules: ok\nvendor_reset\n';
    check('hostpci0: 03:00\n', amd('731f', 'reset: yes', 'reset-methods: bus'), loaded);
    const configured = (methods: string, release: string): string =>
      host(kernel(release), amd('731f', `reset-methods: ${methods}`), loaded);
    const vendor = (text: string, told: string): unknown =>
      checkRule(vendorResetNotConfigured, text, undefined, { host: told });
    vendor('hostpci0: «03:00»\n', configured('bus', '6.8.12-9-pve'));
    vendor('hostpci0: 03:00\n', configured('device_specific bus', '6.8.12-9-pve'));
    vendor('hostpci0: 03:00\n', configured('bus', '5.13.19-6-pve'));
  });

  test('an audio function without a reset is normal', () => {
    checkRule(noReset, 'hostpci0: 01:00\n', undefined, {
      host: host(functions(fn('0000:01:00.0', '0300', 'reset: yes'), fn('0000:01:00.1', '0403', 'reset: no'))),
    });
  });

  test('kernels with faults, by their exact releases', () => {
    const amd = functions(fn('0000:03:00.0', '0300', 'driver: amdgpu'));
    const vf = functions(fn('0000:02:10.0', '0200', 'pf: 0000:02:00.0'));
    const check = (rule: Rule, text: string, told: string): unknown => checkRule(rule, text, undefined, { host: told });
    check(amdgpuUnbindHang, 'hostpci0: «03:00»\n', host(kernel('7.0.14-1-pve'), amd));
    for (const release of ['7.0.14-3-pve', '6.17.13-2-pve', '7.0.14-2-generic'])
      check(amdgpuUnbindHang, 'hostpci0: 03:00\n', host(kernel(release), amd));
    for (const release of ['6.14.0-1-pve', '6.14.5-1-pve', '6.14.8-1-pve'])
      check(pmLessDeviceRegression, 'hostpci0: «02:10.0»\n', host(kernel(release), vf));
    for (const release of ['6.14.8-2-pve', '6.14.11-6-pve', '6.11.11-2-pve', '6.17.1-1-pve', '6.14.2-generic'])
      check(pmLessDeviceRegression, 'hostpci0: 02:10.0\n', host(kernel(release), vf));
  });

  test('an override that names vfio-pci is what it should be', () => {
    for (const override of ['vfio-pci', 'mlx5_vfio_pci'])
      checkRule(driverOverrideStale, 'hostpci0: 01:00.0\n', undefined, {
        host: host(functions(fn('0000:01:00.0', '0200', 'driver: igb', `driver-override: ${override}`))),
      });
  });

  test('a mapping of the boot disk is marked at its name', () => {
    const needs = '== host needs: ok\n0000:05:00.0\n  kind: disk\n  detail: tank\n';
    const site = `--- etc/pve/mapping/pci.cfg\nssd\n\tmap id=15b7:5009,node=pve1,path=0000:05:00.0\n${vm(100, 'hostpci0: mapping=«ssd»,pcie=1\n')}`;
    const [report] = checkRule(nvmeBootDisk, site, undefined, {
      host: host(functions(fn('0000:05:00.0', '0108')), needs),
    });
    assert.match(report?.message ?? '', /disk in use \(tank\)/);
  });
});

suite('rules about the firmware', () => {
  test('why there is no IOMMU', () => {
    const told = (release: string, commandLine: string, vendor: string, nested = 'no'): string =>
      messageOf(
        checkRule(iommuAbsent, '«hostpci0»: 01:00\n', undefined, {
          host: host(
            'iommu: none\n',
            kernel(release, commandLine),
            '== boot: ok\nloader: grub\n',
            `== cpu: ok\nvendor: ${vendor}\nhypervisor: ${nested}\n`,
          ),
        }),
      );
    assert.match(told('6.17.13-2-pve', 'quiet intel_iommu=off', 'GenuineIntel'), /parameter intel_iommu=off/);
    assert.match(told('6.5.13-6-pve', 'quiet', 'GenuineIntel'), /only with the parameter intel_iommu=on/);
    assert.match(told('6.17.13-2-pve', 'quiet', 'GenuineIntel'), /Switch on VT-d/);
    assert.match(told('6.17.13-2-pve', 'quiet', 'AuthenticAMD'), /Switch on AMD-Vi/);
    checkRule(iommuAbsent, 'hostpci0: 01:00\n', undefined, { host: host('iommu: ivhd0\n') });
    checkRule(iommuAbsent, 'hostpci0: 01:00\n', undefined, { host: host() });
  });

  test('interrupt remapping: only what the kernel itself said', () => {
    const pci = functions(fn('0000:01:00.0', '0200'));
    const check = (text: string, ...sections: readonly string[]): unknown =>
      checkRule(irqRemappingMissing, text, undefined, { host: host(pci, ...sections) });
    check(
      '«hostpci0»: 01:00\n',
      messages(
        'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts"',
      ),
    );
    check('hostpci0: 01:00\n', messages('DMAR: Host address width 39'));
    check('hostpci0: 01:00\n', messages('DMAR-IR: Enabled IRQ remapping in x2apic mode'));
    const failed = messages('DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection attacks.');
    check('hostpci0: 01:00\n', failed, '== module parameters: ok\nvfio_iommu_type1.allow_unsafe_interrupts: Y\n');
  });

  test('reserved memory: not for graphics and USB, which the kernel excepts', () => {
    const told = (classId: string): string =>
      host(functions(fn('0000:01:00.0', classId, 'group: 7')), '== direct regions: ok\n7\n');
    checkRule(rmrrIneligible, 'hostpci0: «01:00»\n', undefined, { host: told('0107') });
    for (const id of ['0300', '0c03']) checkRule(rmrrIneligible, 'hostpci0: 01:00\n', undefined, { host: told(id) });
    const line =
      'vfio-pci 0000:01:00.0: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.';
    const said = host(functions(fn('0000:01:00.0', '0107')), messages(line));
    checkRule(rmrrIneligible, 'hostpci0: «01:00»\n', undefined, { host: said });
  });

  test('a BAR without a place: what was said last counts, and the ROM does not', () => {
    const told = (...lines: readonly string[]): string =>
      host(functions(fn('0000:01:00.0', '0300')), messages(...lines));
    const cannot = "pci 0000:01:00.0: BAR 1 [mem size 0x400000000 64bit pref]: can't assign; no space";
    checkRule(above4gRebar, 'hostpci0: «01:00»\n', undefined, { host: told(cannot) });
    checkRule(above4gRebar, 'hostpci0: 01:00\n', undefined, {
      host: told(cannot, 'pci 0000:01:00.0: BAR 1 [mem 0x4000000000-0x43ffffffff 64bit pref]: assigned'),
    });
    checkRule(above4gRebar, 'hostpci0: 01:00\n', undefined, { host: told(cannot.replace('BAR 1', 'BAR 6')) });
  });

  test('behind VMD: an error on a host that has it, a warning elsewhere', () => {
    const told = host(functions(fn('10000:e1:00.0', '0108')));
    const severity = (options: { host?: string }): string | undefined =>
      checkRule(vmdHidesNvme, 'hostpci0: «10000:e1:00.0»\n', undefined, options)[0]?.severity;
    assert.equal(severity({ host: told }), 'error');
    assert.equal(severity({}), 'warning');
  });
});

suite('rules about hostpciN on its host', () => {
  test('a bridge does not start, a piece of the board is of no use', () => {
    const told = host(
      functions(fn('0000:03:00.0', '0c03'), fn('0000:03:00.2', '0604', 'bridge: yes'), fn('0000:00:1f.0', '0601')),
    );
    const severity = (text: string): string | undefined =>
      checkRule(bridgePassed, text, undefined, { host: told })[0]?.severity;
    assert.equal(severity('hostpci0: «03:00»\n'), 'error');
    assert.equal(severity('hostpci0: «00:1f.0»\n'), 'warning');
    assert.equal(severity('hostpci0: 03:00.0\n'), undefined);
  });

  test('PCI Express on q35: not for what is integrated, virtual, explicit or for an old Windows', () => {
    const told = host(
      functions(fn('0000:00:02.0', '0300'), fn('0000:01:00.0', '0300'), fn('0000:02:10.0', '0200', 'pf: 0000:02:00.0')),
    );
    for (const text of [
      'hostpci0: 00:02.0\nmachine: q35\n',
      'hostpci0: 02:10.0\nmachine: q35\n',
      'hostpci0: 01:00.0,pcie=0\nmachine: q35\n',
      'hostpci0: 01:00.0\nmachine: q35\nostype: win7\n',
      'hostpci0: 01:00.0\n',
      'hostpci0: 01:00.0,mdev=nvidia-63\nmachine: q35\n',
    ])
      checkRule(q35WithoutPcie, text, undefined, { host: told });
    checkRule(q35WithoutPcie, 'hostpci0: «01:00.0»\nmachine: pc-q35-9.2\nostype: win11\n', undefined, { host: told });
  });

  test('a ROM file: paths belong to another rule, a list that may be cut proves nothing', () => {
    const roms = (names: readonly string[]): string =>
      host(`== rom files: ok\n${names.map(name => `${name}\n  size: 65536\n  signature: yes\n`).join('')}`);
    const check = (text: string, names: readonly string[]): unknown =>
      checkRule(romfileMissing, text, undefined, { host: roms(names) });
    check('hostpci0: 01:00,romfile=«mine.bin»\n', ['other.rom']);
    check('hostpci0: 01:00,romfile=../mine.bin\n', ['other.rom']);
    check('hostpci0: 01:00,romfile=mine.bin\n', []);
    check(
      'hostpci0: 01:00,romfile=mine.bin\n',
      Array.from({ length: 300 }, (_, index) => `${index}.rom`),
    );
    const empty = host('== rom files: ok\na.rom\n  size: 0\n');
    assert.match(
      messageOf(checkRule(romfileInvalid, 'hostpci0: 01:00,romfile=«a.rom»\n', undefined, { host: empty })),
      /is empty/,
    );
    const unread = host('== rom files: ok\na.rom\n  size: 65536\n');
    checkRule(romfileInvalid, 'hostpci0: 01:00,romfile=a.rom\n', undefined, { host: unread });
  });

  test('legacy mode: up to Comet Lake it works', () => {
    const told = (device: string): string =>
      host(functions(fn('0000:00:02.0', '0300', 'vendor: 8086', `device: ${device}`)));
    for (const device of ['1912', '5912', '3e92', '9bc5'])
      checkRule(legacyIgdGeneration, 'hostpci0: 00:02.0,legacy-igd=1\nvga: none\n', undefined, { host: told(device) });
    for (const device of ['8a52', '9a49', '4c8a', '4680', 'a780', '7d55'])
      checkRule(legacyIgdGeneration, 'hostpci0: 00:02.0,«legacy-igd=1»\nvga: none\n', undefined, {
        host: told(device),
      });
  });
});

suite('rules about devices that moved', () => {
  test('gone: only where all is known, and not where VFs may still come', () => {
    const pf = fn('0000:03:00.0', '0200', 'vf-total: 7', 'vf-count: 0');
    checkRule(deviceGone, 'hostpci0: «07:00.0»\nhostpci1: 03:10.1\n', undefined, { host: host(functions(pf)) });
    checkRule(deviceGone, 'hostpci0: 07:00.0\n', undefined, { host: host(functions(pf).replace(': ok', ': partly')) });
    const all = fn('0000:03:00.0', '0200', 'vf-total: 2', 'vf-count: 2');
    checkRule(deviceGone, 'hostpci0: «03:10.1»\n', undefined, { host: host(functions(all)) });
    const asked = `--- etc/sysfs.conf\nbus/pci/devices/0000:03:00.0/sriov_numvfs = 4\n${vm(100, 'hostpci0: 03:10.1\n')}`;
    checkRule(deviceGone, asked, undefined, { host: host(functions(fn('0000:03:00.0', '0200'))) });
  });

  const reportsAfter = (rule: Rule, text: string, before: string, now: string): readonly Report[] => {
    const { world, file } = openSite(text, { language: vmConf, host: now });
    const snapshots = world.snapshots.map(one => ({ ...one, previous: parseSnapshot(before) }));
    return runRules(ruleSet([rule]), file, { ...world, snapshots }, rethrow);
  };
  const gpu = (address: string, device = '2584'): string => fn(address, '0300', 'vendor: 10de', `device: ${device}`);
  const nvme = (address: string): string => fn(address, '0108', 'vendor: 144d', 'device: a808');
  const titles = (reports: readonly Report[]): unknown =>
    reports.map(({ severity, fixes }) => [severity, fixes?.map(fix => fix.edits[0]?.text)]);

  test('gone: the fix follows the device', () => {
    const before = host(functions(gpu('0000:01:00.0')));
    const now = host(functions(nvme('0000:02:00.0'), gpu('0000:05:00.0')));
    assert.deepEqual(titles(reportsAfter(deviceGone, 'hostpci0: 01:00\n', before, now)), [['error', ['0000:05:00']]]);
  });

  test('another device at the address: an error where the old one moved or the new one is of another kind', () => {
    const before = host(functions(gpu('0000:01:00.0')));
    const check = (...records: readonly string[]): unknown =>
      titles(reportsAfter(deviceIdentityChanged, 'hostpci0: 01:00.0\n', before, host(functions(...records))));
    assert.deepEqual(check(nvme('0000:01:00.0'), gpu('0000:02:00.0')), [['error', ['0000:02:00.0']]]);
    assert.deepEqual(check(nvme('0000:01:00.0')), [['error', []]]);
    assert.deepEqual(check(gpu('0000:01:00.0', '2484')), [['info', []]], 'a new card in the old slot');
    assert.deepEqual(check(gpu('0000:01:00.0')), []);
    assert.deepEqual(check(fn('0000:01:00.0', '0300')), [], 'the ids are not known');
  });

  test('another device at the address: a note in the file is enough', () => {
    const told = host(functions(gpu('0000:01:00.0')));
    for (const note of ['#hostpci0 10de:2584', '# hostpci0: 10DE:2584', '# hostpci1 10de:ffff', '# 10de:ffff'])
      checkRule(deviceIdentityChanged, `${note}\nhostpci0: 01:00.0\n`, undefined, { host: told });
    checkRule(deviceIdentityChanged, '# hostpci0=10de:2484\nhostpci0: «01:00.0»\n', undefined, { host: told });
  });
});

suite('rules about the initial RAM disk', () => {
  const text = 'options vfio-pci ids=10de:2584\n';
  const told = (image: string, written = text): string =>
    host(
      kernel('6.17.13-2-pve'),
      `== initramfs: ok\n6.14.11-6-pve\n  modified: 2026-08-20T10:00:00Z\n6.17.13-2-pve\n${image}`,
      `== files: ok\n/etc/modprobe.d/vfio.conf\n  modified: 2026-08-24T10:00:00Z\n  | ${written}/etc/initramfs-tools/modules\n  modified: 2026-08-24T10:00:00Z\n  | vfio-pci\n`,
    );
  const older = '  modified: 2026-08-23T10:00:00Z\n';
  const check = (marked: string, image: string, written = text): unknown =>
    checkRule(stale, marked, undefined, { host: told(image, written) });

  test('older than the file, where vfio-pci is in it', () => {
    check(`«${text.trim()}»\n`, `${older}  vfio-pci: yes\n`);
    check(text, `${older}  vfio-pci: no\n`);
    check(text, older);
    check(text, '  modified: 2026-08-25T10:00:00Z\n  vfio-pci: yes\n');
    check(text, '  vfio-pci: yes\n');
  });

  test('a list of modules for the image itself matters in any case', () => {
    check('--- etc/initramfs-tools/modules\n«vfio-pci»\n', older);
  });

  test('not where the host has another text, or its image has the line', () => {
    check(`${text}# more\n`, `${older}  vfio-pci: yes\n`);
    check(text, `${older}  vfio-pci: yes\n  modprobe-config: ${text}`);
  });
});
