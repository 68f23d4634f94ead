import { functionAt } from '../../../host/inventory.ts';
import { vmLabel } from '../../facts/deviceUse.ts';
import { lossesOf } from '../../facts/groupFaults.ts';
import { isIntelGraphics } from '../../facts/intelGraphics.ts';
import { firstUse, usesOf } from '../../facts/otherGuests.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { atValue } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:03:00.0
  class: 0200
  driver: ixgbe
  vfs: 0000:03:10.0 0000:03:10.2
0000:03:10.0
  class: 0200
  pf: 0000:03:00.0
0000:03:10.2
  class: 0200
  pf: 0000:03:00.0
== end
`;
const vm = (id: number, device: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/${id}.conf\nhostpci0: ${device}\n`;

export const pfAndVfBothUsed = deviceRule({
  id: 'sriov/pf-and-vf-both-used',
  severity: 'error',
  docs: {
    what: 'A VM gets a physical function while its virtual functions are used by a VM or by the host. With Intel graphics that have virtual functions it is always a mistake.',
    why: 'When the physical function leaves its driver, the virtual functions vanish: VMs that have them lose their device, and the host loses the network that runs over them.',
    source: 'kernel, drivers/pci/iov.c pci_disable_sriov, which drivers call when they let go of the device',
  },
  examples: [{ bad: vm(100, '«03:00.0»') + vm(101, '03:10.2'), good: vm(100, '03:10.0') + vm(101, '03:10.2'), host }],
  *find({ handover, inventory, world, file }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const virtual = (fn.virtualFunctions ?? []).flatMap(address => functionAt(inventory, address) ?? []);
      if (virtual.length === 0) continue;
      const [use] = virtual.flatMap(one => firstUse(usesOf(world, file, one.address), () => true) ?? []);
      const [loss] = lossesOf(inventory, virtual);
      if (!use && !loss && !isIntelGraphics(fn)) continue;
      const who = use
        ? `${use.file === file ? 'this VM' : vmLabel(use.file)} has ${use.fn.address}`
        : loss
          ? `${loss.fn.address} is the ${needLabel(loss.need)}`
          : `there are ${virtual.length} of them`;
      yield {
        span,
        message: `The virtual functions of ${named(fn)} vanish when it leaves its driver, and ${who}. Pass virtual functions only.`,
        related: use
          ? [{ uri: use.file.uri, span: atValue(use.handover.entry), message: 'A virtual function is used here.' }]
          : [],
      };
    }
  },
});
