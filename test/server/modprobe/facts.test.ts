import assert from 'node:assert/strict';
import { modprobe } from '../../../server/languages/modprobe/modprobe.ts';
import { rules } from '../../../server/rules/index.ts';
import { badBool } from '../../../server/rules/modprobe/bad-bool.ts';
import { blacklistMany } from '../../../server/rules/modprobe/blacklist-many.ts';
import { blacklistTooWide } from '../../../server/rules/modprobe/blacklist-too-wide.ts';
import { idsCatchHostDevice } from '../../../server/rules/modprobe/ids-catch-host-device.ts';
import { idsMultipleOptions } from '../../../server/rules/modprobe/ids-multiple-options.ts';
import { idsPartialFunction } from '../../../server/rules/modprobe/ids-partial-function.ts';
import { idsSeparator } from '../../../server/rules/modprobe/ids-separator.ts';
import { idsUnknownDevice } from '../../../server/rules/modprobe/ids-unknown-device.ts';
import { oddName } from '../../../server/rules/modprobe/odd-name.ts';
import { optionsUnknownParam } from '../../../server/rules/modprobe/options-unknown-param.ts';
import { softdepInverted } from '../../../server/rules/modprobe/softdep-inverted.ts';
import { softdepRepeated } from '../../../server/rules/modprobe/softdep-repeated.ts';
import { swallowedLine } from '../../../server/rules/modprobe/swallowed-line.ts';
import { unknownCommand } from '../../../server/rules/modprobe/unknown-command.ts';
import { unsafeInterrupts } from '../../../server/rules/modprobe/unsafe-interrupts.ts';
import { wildcardName } from '../../../server/rules/modprobe/wildcard-name.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { checkRule, openSite, rethrow } from '../../support/check.ts';

/** A function of a snapshot. */
const fn = (address: string, kind: string, id: string, more: Record<string, string> = {}): string =>
  [
    address,
    `  class: ${kind}`,
    `  vendor: ${id.slice(0, 4)}`,
    `  device: ${id.slice(5)}`,
    ...Object.entries(more).map(([key, value]) => `  ${key}: ${value}`),
    '',
  ].join('\n');

const need = (address: string, kind: string): string => `== host needs: ok\n${address}\n  kind: ${kind}\n  detail: x\n`;
const snapshot = (functions: string, rest = '', status = 'ok'): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n== pci functions: ${status}\n${functions}${rest}== end\n`;
const vm = (hostpci: string): string => `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${hostpci}\n`;
const conf = (text: string): string => `--- etc/modprobe.d/vfio.conf\n${text}`;

const gpu = fn('0000:01:00.0', '0300', '10de:1b80') + fn('0000:01:00.1', '0403', '10de:10f0');

suite('modprobe rules and what the host says', () => {
  test('an unknown id: silent without a complete list of devices', () => {
    checkRule(idsUnknownDevice, 'options vfio-pci ids=1234:5678\n');
    checkRule(idsUnknownDevice, 'options vfio-pci ids=1234:5678\n', undefined, { host: snapshot(gpu, '', 'partly') });
    checkRule(idsUnknownDevice, 'options vfio-pci ids=«1234:5678»\n', 'options vfio-pci ids=\n', {
      host: snapshot(gpu),
    });
    checkRule(idsUnknownDevice, 'options igb ids=1234:5678\n', undefined, { host: snapshot(gpu) });
  });

  test('an unknown id: virtual functions that are not there yet have ids too', () => {
    const pf = fn('0000:03:00.0', '0200', '8086:1521', { 'vf-total': '7', 'vf-count': '0' });
    const total = openSite('', { language: modprobe, host: snapshot(pf) }).world.snapshots[0]?.inventory.functions[0];
    assert.equal(total?.vfTotal, 7, 'the snapshot says how many VFs there can be');
    checkRule(idsUnknownDevice, 'options vfio-pci ids=8086:1889\n', undefined, { host: snapshot(pf) });
    checkRule(idsUnknownDevice, 'options vfio-pci ids=«8086:1512»\n', 'options vfio-pci ids=8086:1521\n', {
      host: snapshot(pf),
    });
  });

  test('an unknown id: the other function of a listed card is what was meant', () => {
    checkRule(
      idsUnknownDevice,
      'options vfio-pci ids=10de:1b80,«10de:0fbb»\n',
      'options vfio-pci ids=10de:1b80,10de:10f0\n',
      {
        host: snapshot(gpu),
      },
    );
    checkRule(idsUnknownDevice, 'options vfio-pci ids=10de:1b80,0x10de:0X10F0\n', undefined, { host: snapshot(gpu) });
  });

  test('an id that the host needs: what a guest has on purpose is left alone, save disks and networks', () => {
    const host = (kind: string) => snapshot(gpu, need('0000:01:00.0', kind));
    const ids = (text: string) => conf(`options vfio-pci ids=${text}\n`);
    checkRule(idsCatchHostDevice, ids('«10de:1b80»'), undefined, { host: host('console') });
    checkRule(idsCatchHostDevice, ids('10de:1b80') + vm('01:00'), undefined, { host: host('console') });
    checkRule(idsCatchHostDevice, ids('«10de:1b80»') + vm('01:00'), undefined, { host: host('root-disk') });
    checkRule(idsCatchHostDevice, ids('10de:1b80'), undefined, { host: snapshot(gpu) });
  });

  test('two devices of one id, one of them for a guest', () => {
    const host = snapshot(fn('0000:01:00.0', '0200', '8086:1539') + fn('0000:02:00.0', '0200', '8086:1539'));
    checkRule(idsCatchHostDevice, conf('options vfio-pci ids=«8086:1539»\n') + vm('01:00.0'), undefined, { host });
    checkRule(idsCatchHostDevice, conf('options vfio-pci ids=8086:1539\n') + vm('01:00.0;02:00.0'), undefined, {
      host,
    });
    checkRule(idsCatchHostDevice, conf('options vfio-pci ids=8086:1539\n'), undefined, { host });
  });

  test('a list that another one replaces: only one with other ids, also by the kernel command line', () => {
    checkRule(idsMultipleOptions, 'options vfio-pci ids=1:2\noptions vfio_pci ids=1:2,3:4\n');
    checkRule(idsMultipleOptions, 'options vfio-pci «ids=1:2» ids=3:4\n', 'options vfio-pci ids=1:2,3:4\n');
    checkRule(
      idsMultipleOptions,
      'options vfio-pci «ids=1:2» disable_vga=1\noptions vfio-pci ids=3:4\n',
      'options vfio-pci disable_vga=1\noptions vfio-pci ids=1:2,3:4\n',
    );
    const host = 'hostpci snapshot 1\n== boot: ok\nloader: systemd-boot\n== end\n';
    const cmdline = '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids=3:4\n';
    checkRule(idsMultipleOptions, conf('options vfio-pci «ids=1:2»\n') + cmdline, undefined, { host });
    checkRule(idsMultipleOptions, conf('options vfio-pci ids=3:4\n') + cmdline, undefined, { host });
  });

  test('files are read by name: 9 sorts after 10, and what hides a file hides its list', () => {
    checkRule(
      idsMultipleOptions,
      '--- etc/modprobe.d/9.conf\noptions vfio-pci ids=1:2\n--- etc/modprobe.d/10.conf\noptions vfio-pci «ids=3:4»\n',
    );
  });

  test('ids in ways that the kernel does read', () => {
    for (const good of ['10DE:1B80', '0x10de:0x1b80', ',10de:1b80,', '10de:1b80:10de:0001', '"10de:1b80,10de:10f0"']) {
      checkRule(idsSeparator, `options vfio-pci ids=${good}\n`);
    }
    checkRule(
      idsSeparator,
      'options vfio-pci ids=«10de.1b80»,«10de.10f0»\n',
      'options vfio-pci ids=10de:1b80,10de:10f0\n',
    );
    checkRule(
      idsSeparator,
      'options vfio-pci ids=10de:1b80, «10de:10f0» disable_vga=1\n',
      'options vfio-pci ids=10de:1b80,10de:10f0 disable_vga=1\n',
    );
    checkRule(idsSeparator, 'options vfio-pci ids=«01:00.0»\n');
    checkRule(idsSeparator, 'options other ids=10de.1b80\n');
  });

  test('half a card: silent while no guest gets the other half', () => {
    checkRule(idsPartialFunction, conf('options vfio-pci ids=10de:1b80\n'), undefined, { host: snapshot(gpu) });
    checkRule(idsPartialFunction, conf('options vfio-pci ids=10de:1b80\n') + vm('01:00.0'), undefined, {
      host: snapshot(gpu),
    });
  });

  test('a blacklist that is too wide: by the driver that is bound, or the only module for the id', () => {
    const usb = fn('0000:00:14.0', '0c03', '8086:a2af', { driver: 'xhci_hcd', modules: 'xhci_pci' });
    const host = snapshot(usb, need('0000:00:14.0', 'usb-input'));
    checkRule(blacklistTooWide, 'blacklist «xhci-pci»\n', undefined, { host });
    checkRule(blacklistTooWide, conf('blacklist xhci_pci\n') + vm('00:14.0'), undefined, { host });
    checkRule(blacklistTooWide, 'blacklist nouveau\n', undefined, { host });
    const taken = fn('0000:00:14.0', '0c03', '8086:a2af', { driver: 'vfio-pci', modules: 'xhci_pci' });
    checkRule(blacklistTooWide, 'blacklist xhci_pci\n', undefined, {
      host: snapshot(taken, need('0000:00:14.0', 'usb-input')),
    });
  });

  test('parameters that are not known: only of modules that the host was asked about', () => {
    const host = 'hostpci snapshot 1\n== known parameters: ok\nigb: max_vfs debug\n== end\n';
    checkRule(
      optionsUnknownParam,
      'options igb max-vfs=2 dyndbg=+p debug «max_vf»=1\noptions ixgbe foo=1\n',
      'options igb max-vfs=2 dyndbg=+p debug max_vfs=1\noptions ixgbe foo=1\n',
      { host },
    );
  });

  test('unsafe interrupts: silent where nothing says that remapping works', () => {
    checkRule(unsafeInterrupts, 'options vfio_iommu_type1 allow_unsafe_interrupts=1\n');
    const off = 'hostpci snapshot 1\n== kernel messages: ok\n  | DMAR: Host address width 39\n== end\n';
    checkRule(unsafeInterrupts, 'options vfio_iommu_type1 allow_unsafe_interrupts=1\n', undefined, { host: off });
  });

  test('weakdep is an error only where kmod is too old for it', () => {
    const host = (kmod: string) => `hostpci snapshot 1\n== versions: ok\nkmod: ${kmod}\n== end\n`;
    checkRule(unknownCommand, '«weakdep» a b\n', '', { host: host('30+20221128-1') });
    checkRule(unknownCommand, 'weakdep a b\n', undefined, { host: host('34.2-2') });
    checkRule(unknownCommand, 'weakdep a b\n');
  });
});

suite('modprobe rules on text alone', () => {
  test('commands that were meant', () => {
    const fixes: [string, string][] = [
      ['«black-list» a\n', 'blacklist a\n'],
      ['«option» a b=1\n', 'options a b=1\n'],
      ['«blacklist=nouveau»\n', 'blacklist nouveau\n'],
      ['«blacklist\u00a0nouveau»\n', 'blacklist nouveau\n'],
      ['«\ufeffoptions» a b=1\n', 'options a b=1\n'],
      ['«vfio-pci.ids=10de:1b80»\n', 'options vfio-pci ids=10de:1b80\n'],
    ];
    for (const [bad, fixed] of fixes) checkRule(unknownCommand, bad, fixed);
    checkRule(unknownCommand, '«install.sh» x\n«[options]»\n');
  });

  test('a comment behind blacklist is no second module', () => {
    checkRule(blacklistMany, 'blacklist nouveau # not nvidia\n');
    checkRule(blacklistMany, 'blacklist nouveau «nvidia» # both\n', 'blacklist nouveau\nblacklist nvidia # both\n');
  });

  test('wildcards work where kmod has them', () => {
    checkRule(wildcardName, 'softdep nvidia* pre: vfio-pci\ninstall nv? /bin/false\nalias pci:v*d* off\n');
    checkRule(wildcardName, 'options «snd_*» index=1\n');
  });

  test('names that look odd, but are right', () => {
    checkRule(oddName, 'alias symbol:x off\nsoftdep a pre: platform:leds-gpio crypto-crc32c\nblacklist iTCO_wdt\n');
  });

  test('a softdep the wrong way round only where a driver comes first', () => {
    checkRule(
      softdepInverted,
      'softdep vfio-pci pre: vfio vendor-reset\nsoftdep nouveau pre: vfio-pci post: vfio-pci\n',
    );
    checkRule(softdepInverted, 'softdep vfio_pci pre: «snd-hda-intel»\n', 'softdep snd-hda-intel pre: vfio-pci\n');
  });

  test("the kernel's own softdep wins over a file that sorts after it", () => {
    checkRule(softdepRepeated, '--- etc/modprobe.d/vfio.conf\nsoftdep «r8169» pre: vfio-pci\n');
    checkRule(softdepRepeated, '--- etc/modprobe.d/local.conf\nsoftdep r8169 pre: vfio-pci\n');
    checkRule(
      softdepRepeated,
      '--- etc/modprobe.d/a.conf\nsoftdep igb pre: vfio-pci\n--- etc/modprobe.d/b.conf\nsoftdep «igb» pre: vfio-pci\n',
    );
  });

  test('continued lines that are meant so', () => {
    checkRule(swallowedLine, 'install x a; \\\noptions y\nsoftdep a \\\n pre: b\n# text \\\nmore text\n');
  });

  test('switches as the kernel takes them', () => {
    checkRule(badBool, 'options vfio-pci disable_vga=Y disable_idle_d3 nointxmask=on enable_sriov="1" ids=maybe\n');
  });

  test('nothing to say about files as people should write them', () => {
    const text = `--- etc/modprobe.d/vfio.conf
# The graphics card and its sound.
options vfio-pci ids=10de:2584,10de:2291 disable_idle_d3=1
softdep nouveau pre: vfio-pci
softdep nvidiafb pre: vfio-pci
softdep snd_hda_intel pre: vfio-pci
--- etc/modprobe.d/pve-blacklist.conf
# This file contains a list of modules which are not supported by Proxmox VE

# nvidiafb see bugreport https://bugzilla.proxmox.com/show_bug.cgi?id=701
blacklist nvidiafb
--- etc/modprobe.d/kvm.conf
options kvm ignore_msrs=1 report_ignored_msrs=0
options kvm-intel nested=Y
--- etc/modprobe.d/zfs.conf
options zfs zfs_arc_max=8589934592
--- etc/modules
# /etc/modules: kernel modules to load at boot time.
vfio
vfio_iommu_type1
vfio_pci
`;
    const ours = ruleSet(rules.filter(rule => /^mod(?:probe|ules)\//.test(rule.id)));
    const { world } = openSite(text, { host: true });
    for (const file of world.files.values()) {
      assert.deepEqual(
        runRules(ours, file, world, rethrow).map(report => report.message),
        [],
        file.uri,
      );
    }
  });
});
