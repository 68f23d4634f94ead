import { isOtherPort, isVital, lossesOf, mergedByKernel } from '../../facts/groupFaults.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { readIn } from '../startRule.ts';

const host = (driver: string): string => `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  driver: ${driver}
  group: 1
0000:02:00.0
  class: 0108
  driver: nvme
  group: 1
0000:03:00.0
  class: 0300
  group: 2
== host needs: ok
0000:02:00.0
  kind: root-disk
  detail: /
== end
`;

export const groupTakesHostDevice = deviceRule({
  id: 'iommu/group-takes-host-device',
  severity: 'error',
  docs: {
    what: 'A passed-through device shares its IOMMU group with something that the host itself needs: its disk, the network card of a bridge, its keyboard. Bridges do not count, nor do mediated devices and `driver=keep`, which leave the group alone.',
    why: 'When the VM starts, Proxmox takes every device of the group from its driver and binds it to vfio-pci. The host loses its disk or its network at that moment.',
    source: `pve-common, PVE/SysFSTools.pm pci_dev_group_bind_to_vfio; ${readIn('QemuServer/PCI.pm')}`,
  },
  examples: [
    { bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 03:00.0\n', host: host('nouveau') },
    {
      bad: 'hostpci0: «01:00»,pcie=1\nmachine: q35\n',
      good: 'hostpci0: 01:00.0,mdev=nvidia-63\n',
      host: host('nvidia'),
    },
  ],
  *find({ handover, inventory, world }) {
    if (handover.kind !== 'whole') return;
    const merged = mergedByKernel(world, inventory, handover);
    const companions = handover.companions.filter(fn => !isOtherPort(handover, fn) && !merged.includes(fn));
    const [loss] = lossesOf(inventory, companions);
    const passed = handover.passed.find(({ fn }) => fn.iommuGroup === loss?.fn.iommuGroup);
    if (!loss || !passed) return;
    yield {
      span: passed.span,
      severity: isVital(loss) ? 'error' : 'warning',
      message: `IOMMU group ${loss.fn.iommuGroup} is handed over as a whole, and ${named(loss.fn)} is in it: ${needLabel(loss.need)}. The host loses it when the VM starts. Try another slot or a firmware update.`,
    };
  },
});
