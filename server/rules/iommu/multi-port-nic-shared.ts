import { isOtherPort, lossesOf } from '../../facts/groupFaults.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { deviceRule, named } from '../deviceRule.ts';

const host = (group: number): string => `hostpci snapshot 1
== pci functions: ok
0000:02:00.0
  class: 0200
  driver: igb
  group: 1
0000:02:00.1
  class: 0200
  driver: igb
  group: ${group}
== host needs: ok
0000:02:00.0
  kind: bridge-nic
  detail: vmbr0
== end
`;

export const multiPortNicShared = deviceRule({
  id: 'iommu/multi-port-nic-shared',
  severity: 'error',
  docs: {
    what: 'One port of a network card is passed through, and another port in the same IOMMU group carries a network of the host.',
    why: 'The group is handed over as a whole: the other port leaves its driver when the VM starts, and the bridge loses its port. Ports in groups of their own can be divided.',
    source: 'pve-common, PVE/SysFSTools.pm pci_dev_group_bind_to_vfio; groups as on Supermicro X11 boards with an I350',
  },
  examples: [
    { bad: 'hostpci0: «02:00.1»\n', good: 'cores: 2\n', host: host(1) },
    {
      bad: 'hostpci0: «02:00.1»,pcie=1\nmachine: q35\n',
      good: 'hostpci0: 02:00.1,driver=keep\n',
      host: host(1),
    },
  ],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole') return;
    const ports = handover.companions.filter(fn => isOtherPort(handover, fn));
    const [loss] = lossesOf(inventory, ports);
    const passed = handover.passed.find(({ fn }) => fn.iommuGroup === loss?.fn.iommuGroup);
    if (!loss || !passed) return;
    yield {
      span: passed.span,
      message: `${named(loss.fn)}, another port of this card, is in the same IOMMU group and leaves with it: ${needLabel(loss.need)}. Try another slot, give the VM both ports, or use virtual functions.`,
    };
  },
});
