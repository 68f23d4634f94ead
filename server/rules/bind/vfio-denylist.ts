import type { Inventory } from '../../../host/inventory.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { siblingsOf } from '../../workspace/world.ts';
import { deviceRule, type Given, named } from '../deviceRule.ts';
import { noStart } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0b40
  vendor: 8086
  device: 19e2
0000:02:00.0
  class: 0200
== end
`;
const vm = (address: string): string => `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${address}\n`;

/** QuickAssist C3xxx, C62x and DH895xCC, and their VFs. */
const denied: ReadonlySet<string> = new Set(['19e2', '19e3', '37c8', '37c9', '0435', '0443']);

export const vfioDenylist = deviceRule({
  id: 'bind/vfio-denylist',
  severity: 'error',
  docs: {
    what: 'A VM gets an Intel QuickAssist device (C3xxx, C62x, DH895xCC) that vfio-pci refuses.',
    why: 'These devices have faults that a guest could use against the host, so vfio-pci has them on a list of its own. The binding fails, and with it the start.',
    source: 'kernel, drivers/vfio/pci/vfio_pci.c, vfio_pci_dev_in_denylist',
  },
  examples: [
    {
      bad: vm('«01:00.0»'),
      good: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci disable_denylist=1\n${vm('01:00.0')}`,
      host,
    },
  ],
  *find(given) {
    const { handover, inventory } = given;
    const passed = handover.passed.find(({ fn }) => fn.vendorId === '8086' && denied.has(fn.deviceId ?? ''));
    if (!passed || handover.kind !== 'whole' || passed.fn.driver === 'vfio-pci' || isSwitchedOff(given, inventory))
      return;
    yield {
      span: passed.span,
      message: `vfio-pci refuses ${named(passed.fn)} because of faults that a guest could use against the host. ${noStart} Only where you trust the guest: options vfio-pci disable_denylist=1.`,
    };
  },
});

/** As the running module has it, or as a file may set it. */
function isSwitchedOff({ world, file }: Given, inventory: Inventory): boolean {
  const now = inventory.moduleParameters.get('vfio_pci')?.get('disable_denylist');
  const mention = /disable[-_]denylist/;
  return (
    now === 'Y' ||
    mention.test(inventory.kernel.commandLine ?? '') ||
    siblingsOf(world, file, modprobe).some(other => other.lines.some(line => mention.test(line)))
  );
}
