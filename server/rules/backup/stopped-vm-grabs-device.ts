import { backupJobOf } from '../../facts/clusterFiles.ts';
import { ctLabel } from '../../facts/containerUse.ts';
import { containersUsing, vmLabel } from '../../facts/deviceUse.ts';
import { startsByItself } from '../../facts/guestStart.ts';
import { firstUse, usesOf } from '../../facts/otherGuests.ts';
import { deviceRule, type Given, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
0000:02:00.0
  class: 0200
== files: ok
/etc/pve/jobs.cfg
  | vzdump: backup-nightly
  | 	schedule 02:00
  | 	all 1
  | 	enabled 1
== end
`;
const site = (first: string, second: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${first}\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: ${second}\nonboot: 1\n`;

export const stoppedVmGrabsDevice = deviceRule({
  id: 'backup/stopped-vm-grabs-device',
  severity: 'warning',
  docs: {
    what: 'A VM that does not start by itself is in a backup job, and has a PCI device that another VM or a container has as well.',
    why: 'To back up a VM that is off, vzdump starts a paused QEMU, which takes the PCI devices like any other start. The backup fails because the device is in use, or the card is pulled away from the container at night.',
    source:
      'qemu-server 9.2.6, PVE/VZDump/QemuServer.pm enforce_vm_running_for_backup; https://github.com/g3492/vzborg/pull/15',
  },
  examples: [{ bad: site('«01:00.0»', '01:00.0'), good: site('01:00.0', '02:00.0'), host }],
  *find(given) {
    const { handover, world, file } = given;
    const job = handover.kind === 'whole' && !startsByItself(world, file) ? backupJobOf(world, file) : undefined;
    if (job === undefined) return;
    for (const { fn, span } of handover.passed) {
      const other = otherUser(given, fn.address);
      if (!other) continue;
      yield {
        span,
        message: `The backup job ${job} starts this VM in the background while it is off, and that takes ${named(fn)}, which ${other} uses. Leave the VM out of the job, or keep the device out of its configuration while it is off.`,
      };
      return;
    }
  },
});

function otherUser({ world, file }: Given, address: string): string | undefined {
  const use = firstUse(
    usesOf(world, file, address),
    one => one.handover.kind !== 'mediated' && one.file.place.vmid !== file.place.vmid,
  );
  if (use) return vmLabel(use.file);
  const [ct] = containersUsing(world, file, address);
  return ct && ctLabel(ct);
}
