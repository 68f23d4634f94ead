import assert from 'node:assert/strict';
import { assess } from '../../../server/readiness/assess.ts';
import type { Step } from '../../../server/readiness/readiness.ts';
import { guestsOf } from '../../../server/readiness/subjects.ts';
import { host, readinessOf, run, siteOf, stepOf, textOf, vm } from './support.ts';

/** A step says one thing: what facts alone would say gives way to what a rule found, and no advice harms the host. */

const kernel = '== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: quiet';
const modprobe = '--- etc/modprobe.d/other.conf\noptions kvm ignore_msrs=1\n';
const card = (address: string, more: string): string =>
  `${address}\n  class: 0300\n  vendor: 8086\n  device: 4680\n  modules: i915 xe\n${more}`;
const pci = (...functions: readonly string[]): string => `== pci functions: ok\n${functions.join('')}`;

/** A VM as a host sends it along. */
const copyOf = (line: string): string =>
  `== files: ok\n/etc/pve/nodes/pve1/qemu-server/100.conf\n  | hostpci0: 01:00.0\n  | ${line}`;

const stepIn = (id: string, lines: string, sections: readonly string[], files = modprobe): Step =>
  stepOf(readinessOf(siteOf(vm(lines, files), host(kernel, ...sections))), id);

suite('readiness: steps agree with rules and with plans', () => {
  const virtual = pci(
    card('0000:00:02.0', '  driver: i915\n  vf-total: 7\n  vf-count: 1\n'),
    card('0000:00:02.1', '  driver: i915\n  pf: 0000:00:02.0\n'),
  );

  test('a virtual function of graphics needs no reservation: its id is that of its card', () => {
    for (const id of ['driver-now', 'driver-after-boot']) {
      const step = stepIn(id, 'hostpci0: 00:02.1', [virtual]);
      assert.equal(step.state, 'passed', textOf(step));
      assert.doesNotMatch(textOf(step), /ids=/);
    }
  });

  test('a virtual function has neither a ROM nor an output', () => {
    const lines = 'bios: ovmf\nhostpci0: 00:02.1';
    assert.equal(stepIn('rom', lines, [virtual]).state, 'skipped');
    assert.doesNotMatch(textOf(stepIn('display', lines, [virtual])), /monitor/);
  });

  test('two cards of one id: the one is bound by its address, says the step as well as the rule', () => {
    const step = stepIn('driver-after-boot', 'hostpci0: 01:00.0', [
      pci(card('0000:01:00.0', '  driver: i915\n'), card('0000:02:00.0', '  driver: i915\n')),
    ]);
    assert.equal(step.state, 'warning');
    assert.match(step.advice ?? '', /driverctl set-override 0000:01:00\.0 vfio-pci/);
    assert.deepEqual(step.rules, ['bind/host-driver-at-boot']);
    assert.doesNotMatch(textOf(step), /ids=/);
  });

  test('nobody is told to take a card from a container that draws on it', () => {
    const files = `${modprobe}--- etc/pve/nodes/pve1/lxc/102.conf\nhostname: media\ndev0: /dev/dri/renderD128\n`;
    const sections = [
      pci(card('0000:00:02.0', '  driver: i915\n')),
      '== device nodes: ok\n/dev/dri/renderD128\n  pci: 0000:00:02.0',
    ];
    const step = stepIn('driver-after-boot', 'hostpci0: 00:02.0', sections, files);
    assert.match(step.advice ?? '', /CT 102.* needs that driver/, textOf(step));
    assert.doesNotMatch(textOf(step), /softdep/);
  });

  test('a softdep names a module, not a driver that is called otherwise', () => {
    const bochs = pci(
      '0000:01:00.0\n  class: 0300\n  vendor: 1234\n  device: 1111\n  driver: bochs-drm\n  modules: bochs\n',
    );
    assert.match(stepIn('driver-after-boot', 'hostpci0: 01:00.0', [bochs]).advice ?? '', /softdep bochs pre: vfio-pci/);
  });

  test('a step that a rule finds wrong does not say that all is well', () => {
    const message = "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xd0000000-0xdfffffff 64bit pref]";
    const step = stepIn('memory-windows', 'hostpci0: 01:00.0', [
      pci('0000:01:00.0\n  class: 0300\n  boot-vga: yes\n'),
      `== kernel messages: ok\n  | ${message}`,
    ]);
    assert.notEqual(step.state, 'passed');
    assert.doesNotMatch(textOf(step), /complain about none/);
  });

  test('a vGPU of the card itself: the rule knows why there are no types, so nobody is told to wait for them', () => {
    const step = stepIn('mediated-type', 'hostpci0: 41:00.0,mdev=nvidia-63', [
      pci(
        '0000:41:00.0\n  class: 0302\n  vendor: 10de\n  device: 2231\n  driver: nvidia\n  vf-total: 16\n  vf-count: 0\n  mdev: none\n',
      ),
    ]);
    assert.equal(step.state, 'failed');
    assert.doesNotMatch(textOf(step), /hides types/);
  });

  test('a device that is not there may be a virtual function that nobody made', () => {
    const step = stepIn('device-present', 'hostpci0: 03:10.2', [
      pci('0000:03:00.0\n  class: 0200\n  vf-total: 7\n  vf-count: 0\n'),
    ]);
    assert.equal(step.state, 'failed');
    assert.match(step.advice ?? '', /virtual function of 0000:03:00\.0/);
    const gone = stepIn('device-present', 'hostpci0: 03:10.2', [pci('0000:03:00.0\n  class: 0200\n')]);
    assert.match(gone.advice ?? '', /may have moved/);
  });

  test('what a network card does not need is no failure', () => {
    const nic = pci('0000:01:00.0\n  class: 0200\n  vendor: 8086\n  device: 1539\n  driver: igb\n');
    const files = `${modprobe}--- etc/modprobe.d/a.conf\noptions vfio-pci ids=8086:1539\n--- etc/modprobe.d/b.conf\noptions vfio-pci ids=10de:1b80\n`;
    const step = stepIn('driver-after-boot', 'hostpci0: 01:00.0', [nic], files);
    assert.ok(step.rules.includes('modprobe/ids-multiple-options'), textOf(step));
    assert.equal(step.state, 'warning');
  });

  test('an IOMMU that the files ask for already waits for a reboot, not for another edit', () => {
    const intel = '== cpu: ok\nvendor: GenuineIntel\nvirtualization: yes';
    const off = (line: string): string =>
      `iommu: none\n== kernel: ok\nrelease: 6.5.13-6-pve\ncommand-line: BOOT_IMAGE=/x ${line}\n== boot: ok\nloader: grub`;
    const advice = (running: string, file: string): string => {
      const files = `--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="${file}"\n`;
      const site = siteOf(vm('hostpci0: 01:00.0', files), host(off(running), intel));
      return stepOf(readinessOf(site), 'iommu-on').advice ?? '';
    };
    assert.match(advice('quiet', 'quiet'), /^Add intel_iommu=on/);
    assert.match(advice('quiet', 'quiet intel_iommu=on'), /^The files ask for it/);
    assert.match(advice('intel_iommu=off', 'intel_iommu=off'), /^Remove intel_iommu=off/);
    assert.match(advice('intel_iommu=off', 'intel_iommu=on'), /in no file any more/);
  });

  test('what the collector left out of a copy is no fault of the VM', () => {
    const { world } = siteOf(
      modprobe,
      host(kernel, pci('0000:01:00.0\n  class: 0200\n'), copyOf('smbios1: base64=1,serial=***')),
    );
    const [file] = guestsOf(world);
    assert.ok(file);
    const readiness = assess(world, { kind: 'guest', uri: file.uri }, run)?.readiness;
    assert.ok(readiness);
    assert.equal(stepOf(readiness, 'guest-lines').state, 'passed');
  });

  test('a refused line about a device is told with the lines about devices', () => {
    const readiness = readinessOf(siteOf(vm('hostpci0: 01:00.0, pcie=1'), host(kernel)));
    assert.equal(stepOf(readiness, 'guest-devices').state, 'failed');
    assert.equal(stepOf(readiness, 'guest-lines').state, 'passed');
  });
});
