import assert from 'node:assert/strict';
import type { DueCommand, Subject } from '../../../server/readiness/readiness.ts';
import { host, hostUri, readinessOf, siteOf, vm } from './support.ts';

/** What is to be run on the host: which commands, in which order, and whether they are still due. */

const boot = '== boot: ok\nefi: yes\nsecure-boot: no\nloader: grub';
const systemdBoot = '== boot: ok\nefi: yes\nsecure-boot: no\nloader: systemd-boot\nproxmox-boot-tool: yes';
const kernel = (line: string, more = ''): string =>
  `== kernel: ok\nrelease: 6.17.13-2-pve\nbooted: 2026-08-21T06:00:00Z\ncommand-line: ${line}\n${more}`;
const grub = (line: string): string => `--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\n`;
const image = (made: string): string => `== initramfs: ok\n6.17.13-2-pve\n  modified: ${made}\n  vfio-pci: yes`;
const kept = (path: string, changed: string, ...lines: readonly string[]): string =>
  `${path}\n  modified: ${changed}\n${lines.map(line => `  | ${line}`).join('\n')}`;
const vfioLine = 'options vfio-pci ids=10de:2584';
const gpu =
  '== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 2584\n  driver: nouveau\n  modules: nouveau';

const commandsOf = (files: string, sections: readonly string[], subject?: Subject): readonly DueCommand[] =>
  readinessOf(siteOf(vm('hostpci0: 01:00.0', files), host(...sections)), subject).commands;
const dueOf = (commands: readonly DueCommand[]): readonly (readonly [string, boolean | undefined])[] =>
  commands.map(({ command, isDue }) => [command, isDue]);
const update = 'update-initramfs -u -k all';

suite('readiness: commands', () => {
  test('everything in effect: nothing is due', () => {
    const commands = commandsOf(grub('quiet'), [
      boot,
      kernel('BOOT_IMAGE=/x quiet', 'installed: 6.17.13-2-pve'),
      image('2026-08-20T10:00:00Z'),
      `== files: ok\n${kept('/etc/modprobe.d/vfio.conf', '2026-08-20T09:00:00Z', vfioLine)}`,
    ]);
    assert.deepEqual(dueOf(commands), [
      [update, false],
      ['update-grub', false],
      ['reboot', false],
    ]);
  });

  test('GRUB that proxmox-boot-tool looks after: update-grub alone would write what nothing boots from', () => {
    const commands = commandsOf(grub('quiet iommu=pt'), [
      `${boot}\nproxmox-boot-tool: yes`,
      kernel('BOOT_IMAGE=/x quiet'),
    ]);
    const names = commands.map(({ command }) => command);
    assert.ok(names.includes('proxmox-boot-tool refresh'), names.join());
    assert.ok(!names.includes('update-grub'));
  });

  test('a file that is newer than the image: the image, then a reboot', () => {
    const commands = commandsOf(grub('quiet'), [
      boot,
      kernel('BOOT_IMAGE=/x quiet'),
      image('2026-08-20T10:00:00Z'),
      `== files: ok\n${kept('/etc/modprobe.d/vfio.conf', '2026-08-24T09:00:00Z', vfioLine)}`,
    ]);
    assert.deepEqual(dueOf(commands), [
      [update, true],
      ['update-grub', false],
      ['reboot', true],
    ]);
    assert.match(commands[0]?.why ?? '', /modprobe\.d\/vfio\.conf is newer/);
  });

  test('a file of the workspace that the host has with another text has to get there first', () => {
    const commands = commandsOf(`--- etc/modprobe.d/vfio.conf\n${vfioLine},10de:2291\n`, [
      image('2026-08-20T10:00:00Z'),
      `== files: ok\n${kept('/etc/modprobe.d/vfio.conf', '2026-08-19T09:00:00Z', vfioLine)}`,
    ]);
    assert.equal(commands[0]?.isDue, true);
    assert.match(commands[0]?.why ?? '', /put the file in place first/);
  });

  test('where times are not known, that is said', () => {
    const commands = commandsOf(`--- etc/modprobe.d/vfio.conf\n${vfioLine}\n`, [gpu]);
    assert.deepEqual(commands.find(one => one.command === update)?.isDue, undefined);
    assert.ok(commands.some(one => one.command === update));
  });

  test('a file that was there before the boot and was not heeded never reached the boot loader', () => {
    const old = commandsOf('', [
      boot,
      kernel('BOOT_IMAGE=/x quiet'),
      `== files: ok\n${kept('/etc/default/grub', '2026-08-01T09:00:00Z', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"')}`,
    ]);
    assert.deepEqual(dueOf(old), [
      ['update-grub', true],
      ['reboot', true],
    ]);
    const young = commandsOf('', [
      boot,
      kernel('BOOT_IMAGE=/x quiet'),
      `== files: ok\n${kept('/etc/default/grub', '2026-08-24T09:00:00Z', 'GRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"')}`,
    ]);
    assert.deepEqual(dueOf(young), [
      ['update-grub', undefined],
      ['reboot', true],
    ]);
  });

  test('systemd-boot has its own command', () => {
    const commands = commandsOf('--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n', [
      systemdBoot,
      kernel('initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs'),
    ]);
    assert.deepEqual(dueOf(commands), [
      ['proxmox-boot-tool refresh', undefined],
      ['reboot', true],
    ]);
  });

  test('a newer kernel, a reserved card on its old driver and options that are not in effect call for a reboot', () => {
    const [reboot] = commandsOf(`--- etc/modprobe.d/vfio.conf\n${vfioLine}\noptions kvm ignore_msrs=1\n`, [
      kernel('quiet', 'installed: 6.17.13-2-pve 6.17.14-1-pve'),
      gpu,
      '== module parameters: ok\nkvm.ignore_msrs: N',
    ]).filter(one => one.command === 'reboot');
    assert.equal(reboot?.isDue, true);
    for (const reason of [/kvm\.ignore_msrs/, /0000:01:00\.0 is still on nouveau/, /6\.17\.14-1-pve boots next/])
      assert.match(reboot?.why ?? '', reason);
  });

  test('virtual functions: the package, the service, or nothing', () => {
    const line = '--- etc/sysfs.d/sriov.conf\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 4\n';
    const pf = (count: number): string =>
      `== pci functions: ok\n0000:01:00.0\n  class: 0200\n  pf: 0000:02:00.0\n0000:02:00.0\n  class: 0200\n  vf-total: 8\n  vf-count: ${count}`;
    const first = (...sections: readonly string[]) => dueOf(commandsOf(line, sections))[0];
    assert.deepEqual(first(pf(2), '== packages: ok\nsysfsutils: none'), ['apt install sysfsutils', true]);
    assert.deepEqual(first(pf(2), '== packages: ok\nsysfsutils: 2.1'), ['systemctl restart sysfsutils', true]);
    assert.deepEqual(first(pf(4), '== packages: ok\nsysfsutils: 2.1'), ['systemctl restart sysfsutils', false]);
  });

  test('what waits in [PENDING] needs a full stop, if the VM runs', () => {
    const site = (running: string) =>
      siteOf(
        vm('memory: 512\n\n[PENDING]\nhostpci0: 01:00.0\n'),
        host(`== guests: ok\n100\n  kind: qemu\n  running: ${running}`),
      );
    const last = (running: string) => readinessOf(site(running)).commands.at(-1);
    assert.deepEqual([last('yes')?.command, last('yes')?.isDue], ['qm shutdown 100 && qm start 100', true]);
    assert.equal(last('no')?.isDue, false);
  });

  test('a host that was never asked: everything may be due', () => {
    const commands = readinessOf(siteOf(vm('hostpci0: 01:00.0'))).commands;
    assert.deepEqual(dueOf(commands), [['reboot', undefined]]);
  });

  test('of a host all its files count', () => {
    const commands = commandsOf(
      '--- etc/sysfs.d/sriov.conf\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 4\n',
      ['== packages: ok\nsysfsutils: none'],
      {
        kind: 'host',
        host: hostUri,
      },
    );
    assert.equal(commands[0]?.command, 'apt install sysfsutils');
  });
});
