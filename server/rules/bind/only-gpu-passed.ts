import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { firstUse, usesOf } from '../../facts/otherGuests.ts';
import { deviceRule, type Given, named } from '../deviceRule.ts';

const gpu = (address: string, more = ''): string => `${address}\n  class: 0300\n${more}`;
const host = (functions: string): string => `hostpci snapshot 1\n== pci functions: ok\n${functions}== end\n`;
const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ';

export const onlyGpuPassed = deviceRule({
  id: 'bind/only-gpu-passed',
  severity: 'warning',
  docs: {
    what: 'VMs get every graphics card of the host, and this is the one with its console. Silent where the kernel has a serial console, or where the devices of the host are not all known.',
    why: 'The screen of the host freezes when the VM starts, which looks like a crash. Without SSH or a serial console nobody can help it any more; the card often needs a ROM file, too, because the firmware has used it.',
    source: 'the display devices that the host reports; pve-docs, qm-pci-passthrough.adoc',
  },
  examples: [{ bad: `${vm}«01:00.0»\n`, good: `${vm}02:00.0\n`, host: host(gpu('0000:01:00.0', '  boot-vga: yes\n')) }],
  *find(given) {
    const { handover, inventory, world, file } = given;
    if (handover.kind !== 'whole' || !inventory.complete || hasSerialConsole(inventory)) return;
    const screen = handover.passed.find(({ fn }) => isConsole(given, fn));
    const isGiven = (fn: PciFunction): boolean =>
      firstUse(usesOf(world, file, fn.address), use => use.handover.kind === 'whole') !== undefined;
    if (!screen || !inventory.functions.filter(isScreen).every(isGiven)) return;
    yield {
      span: screen.span,
      message: `${named(screen.fn)} carries the console of the host, and VMs get all graphics that it has: its screen freezes when the VM starts. Have SSH or a serial console ready (console=ttyS0).`,
    };
  },
});

/** A 3D controller has no outputs, and a VF shows nothing. */
const isScreen = (fn: PciFunction): boolean => /^03(?:00|01|80)$/.test(fn.classId ?? '') && !fn.physicalFunction;

const isConsole = ({ inventory }: Given, fn: PciFunction): boolean =>
  isScreen(fn) &&
  (fn.bootVga === true || inventory.hostNeeds.some(need => need.kind === 'console' && need.address === fn.address));

const hasSerialConsole = ({ kernel }: Inventory): boolean =>
  /(?:^| )console=(?:tty[SA]|hvc|uart)/.test(kernel.commandLine ?? '');
