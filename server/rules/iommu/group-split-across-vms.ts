import { vmLabel } from '../../facts/deviceUse.ts';
import { startsByItself } from '../../facts/guestStart.ts';
import { firstUse, rivalsInGroup } from '../../facts/otherGuests.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { atValue } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0200
  group: 1
0000:01:00.1
  class: 0200
  group: 1
0000:02:00.0
  class: 0200
  group: 2
== end
`;
const site = (first: string, second: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${first}\nonboot: 1\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: ${second}\nonboot: 1\n`;

export const groupSplitAcrossVms = deviceRule({
  id: 'iommu/group-split-across-vms',
  severity: 'error',
  docs: {
    what: 'Two VMs of a node have different devices of one IOMMU group. It is an error where both start by themselves, else a warning: they may be meant to run in turn.',
    why: 'The kernel gives a group to one process. While one of the VMs runs, the other does not start.',
    source: 'kernel, Documentation/driver-api/vfio.rst: a group is the smallest unit that can be handed over',
  },
  examples: [{ bad: site('«01:00.0»', '«01:00.1»'), good: site('01:00', '02:00.0'), host }],
  *find({ handover, world, file }) {
    if (handover.kind === 'mediated') return;
    const told = new Set<string>();
    for (const { fn, span } of handover.passed) {
      if (typeof fn.iommuGroup !== 'number') continue;
      // VMs that want the same function are the business of conflict/same-device-two-vms.
      const other = firstUse(rivalsInGroup(world, file, fn.iommuGroup), use => !told.has(use.file.uri));
      if (!other) continue;
      told.add(other.file.uri);
      const both = startsByItself(world, file) && startsByItself(world, other.file);
      yield {
        span,
        severity: both ? 'error' : 'warning',
        message: `${vmLabel(other.file)} gets ${named(other.fn)} of the same IOMMU group ${fn.iommuGroup}: they cannot run at the same time${both ? ', and both start by themselves' : ''}. Give one VM the whole group.`,
        related: [
          {
            uri: other.file.uri,
            span: atValue(other.handover.entry),
            message: `${other.fn.address} is passed through here.`,
          },
        ],
      };
    }
  },
});
