import { isVital, lossesOf, mergedByKernel, mergesGroups } from '../../facts/groupFaults.ts';
import { deviceRule, listed, named } from '../deviceRule.ts';

const host = (kernel: string): string => `hostpci snapshot 1
== kernel: ok
release: ${kernel}
== pci functions: ok
0000:01:00.0
  class: 0300
  group: 12
0000:01:00.1
  class: 0403
  group: 12
0000:04:00.0
  class: 0108
  group: 12
== host needs: ok
0000:04:00.0
  kind: root-disk
  detail: /
== end
`;

export const groupsMergedByKernel = deviceRule({
  id: 'iommu/groups-merged-by-kernel',
  severity: 'error',
  docs: {
    what: 'The IOMMU group of a passed-through device has devices in it that a kernel update put there: the host runs the Proxmox kernel 6.8.12-29, or it ran another kernel when it was asked before and the group did not have them.',
    why: 'A change that kernels of early 2026 took over makes groups before ACS is switched on, so devices of several root ports end in one group: what worked for years now takes the disk or the network of the host along. Proxmox has fixed it in 6.8.12-30.',
    source: 'pve-kernel fa57551; https://bugzilla.kernel.org/show_bug.cgi?id=221234; Proxmox bug 7671',
  },
  examples: [{ bad: 'hostpci0: «01:00»\n', good: 'hostpci0: 01:00,driver=keep\n', host: host('6.8.12-29-pve') }],
  *find({ handover, inventory, world }) {
    const { release } = inventory.kernel;
    const strangers = mergedByKernel(world, inventory, handover);
    const passed = handover.passed.find(({ fn }) => strangers.some(one => one.iommuGroup === fn.iommuGroup));
    if (!passed) return;
    const [loss] = lossesOf(inventory, strangers);
    const what = loss ? `${named(loss.fn)}, which the host needs` : listed(strangers.slice(0, 2).map(named));
    const why = mergesGroups(release)
      ? `kernel ${release} is known to merge groups. Update to 6.8.12-30, or boot the previous kernel`
      : `with the kernel before ${release} it was not. Boot that one to compare`;
    yield {
      span: passed.span,
      severity: loss && isVital(loss) ? 'error' : 'warning',
      message: `IOMMU group ${passed.fn.iommuGroup} also holds ${what}, and ${why} (proxmox-boot-tool kernel pin); do not override ACS for this.`,
    };
  },
});
