import { lossesOf } from '../../facts/groupFaults.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { readIn } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:04:00.0
  class: 0108
0000:05:00.0
  class: 0108
== host needs: ok
0000:05:00.0
  kind: root-disk
  detail: rpool
== end
`;

export const nvmeBootDisk = deviceRule({
  id: 'bind/nvme-boot-disk',
  severity: 'error',
  docs: {
    what: 'A VM gets the disk controller that the host runs from, or one with a file system, ZFS pool or LVM volume group that the host has in use.',
    why: 'Proxmox takes the controller from its driver when the VM starts. The disks are gone at once: the host hangs with a root file system that it can no longer read, or loses the pool.',
    source: `${readIn('QemuServer/PCI.pm')} prepare_pci_device; mounts, pools and volume groups that the host reports`,
  },
  examples: [
    { bad: 'hostpci0: «05:00.0»,pcie=1\nmachine: q35\n', good: 'hostpci0: 04:00.0,pcie=1\nmachine: q35\n', host },
  ],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const loss = lossesOf(inventory, [fn]).find(({ need }) => need.kind === 'root-disk' || need.kind === 'disk');
      if (!loss) continue;
      yield {
        span,
        message: `The host stands on ${named(fn)}: ${needLabel(loss.need)}. ${loss.need.kind === 'root-disk' ? 'It dies when the VM starts' : 'It loses that when the VM starts'}. Pass another controller, or single disks (scsi1: /dev/disk/by-id/…).`,
      };
    }
  },
});
