import { vmLabel } from '../../facts/deviceUse.ts';
import { isRunning, startsByItself } from '../../facts/guestStart.ts';
import { spanOf } from '../../facts/handovers.ts';
import { otherOnDevice } from '../../facts/otherGuests.ts';
import { choicesOf } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { atValue, readIn, startRule } from '../startRule.ts';

const site = (first: string, second: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${first}\nonboot: 1\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: ${second}\nonboot: 1\n`;

export const sameDeviceTwoVms = startRule({
  id: 'conflict/same-device-two-vms',
  severity: 'error',
  since: '7.0-17',
  docs: {
    what: 'Two VMs of a node have the same PCI function. It is an error where both start by themselves, else a note: they may be meant to run in turn. Templates, mediated devices and mappings with alternatives are not meant.',
    why: 'Proxmox reserves a device for the VM that starts first. The other one does not start: "already in use by VMID".',
    source: `${readIn('QemuServer/PCI.pm')} reserve_pci_usage`,
  },
  examples: [{ bad: site('«0000:01:00»', '«01:00.1»'), good: site('01:00.0', '01:00.1') }],
  needs: ['hostpciN'],
  *find({ settings, file, world }) {
    for (const entry of settings.family('hostpci')) {
      const choices = property(entry, 'mdev') ? [] : choicesOf(world, file, entry);
      if (choices?.length !== 1) continue;
      for (const item of choices[0]?.items ?? []) {
        const other = otherOnDevice(world, file, item);
        if (!other) continue;
        const both = startsByItself(world, file) && startsByItself(world, other.file);
        yield {
          span: spanOf(entry, item),
          severity: both ? 'error' : 'info',
          message: tell(vmLabel(other.file), item.text, both, isRunning(world, other.file) === true),
          related: [
            { uri: other.file.uri, span: atValue(other.entry), message: `${other.item.text} is passed through here.` },
          ],
        };
      }
    }
  },
});

function tell(other: string, device: string, both: boolean, runs: boolean): string {
  if (both)
    return `${other} gets ${device} as well, and both VMs start by themselves: the later one will not. Give one of them up.`;
  return `${other} gets ${device} as well${runs ? ' and runs now' : ''}: only one of the two can run at a time.`;
}
