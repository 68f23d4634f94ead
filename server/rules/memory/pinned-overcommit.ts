import { memoryForGuests } from '../../facts/hostMemory.ts';
import { memoryAtStart, pinnedTogether, pinsMemory } from '../../facts/pinnedGuests.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atKey, atProperty, startRule } from '../startRule.ts';

const host =
  'hostpci snapshot 1\n== host: ok\nmemory-kib: 33554432\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n0000:02:00.0\n  class: 0200\n== end\n';
const site = (first: string, second: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 01:00.0\nmemory: ${first}\nonboot: 1\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 02:00.0\nmemory: ${second}\nonboot: 1\n`;

export const pinnedOvercommit = startRule({
  id: 'memory/pinned-overcommit',
  severity: 'warning',
  docs: {
    what: 'The VMs with passed-through devices that start by themselves have more memory together than the host can give; or one VM has so alone. 2 GiB for the host and the limit of the ZFS cache are taken off.',
    why: 'All memory of such a VM is allocated and pinned at its start, and nothing of it can be swapped out or given back. The start times out, or the host runs out of memory and kills other guests.',
    source:
      'kernel, drivers/vfio/vfio_iommu_type1.c; qemu-server 9.2.6, PVE/QemuServer/Helpers.pm config_aware_timeout',
  },
  examples: [{ bad: site('«20480»', '«16384»'), good: site('16384', '8192'), host }],
  needs: ['hostpciN'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    const most = inventory && memoryForGuests(inventory);
    const [device] = settings.family('hostpci');
    if (most === undefined || most <= 0 || !device || !pinsMemory(world, file)) return;
    const alone = memoryAtStart(file);
    const { vms, memory } = pinnedTogether(world, file);
    const together = vms.has(file) ? memory : 0;
    if (alone <= most && together <= most) return;
    const entry = settings.entry('memory');
    const numbers = `of ${Math.floor(most)} MiB that the host can give`;
    yield {
      span: entry ? atProperty(entry, 'current') : atKey(device),
      message:
        alone > most
          ? `This VM pins ${alone} MiB when it starts, ${numbers}. The start fails, or other guests are killed.`
          : `${vms.size} VMs with PCI devices that start by themselves pin ${together} MiB, ${numbers}. Give them less, or do not start them together.`,
    };
  },
});
