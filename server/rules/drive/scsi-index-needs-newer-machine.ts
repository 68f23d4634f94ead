import { isMachineOlder, machineVersionAtStart } from '../../languages/vmConf/machine.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const scsiIndexNeedsNewerMachine = startRule({
  id: 'drive/scsi-index-needs-newer-machine',
  severity: 'error',
  since: '6.1-7',
  docs: {
    what: 'There is a drive `scsi14` or above on a machine older than 4.1+pve2.',
    why: 'Older machines have 14 SCSI drives. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'machine: pc-i440fx-4.0\n«scsi14»: local-lvm:vm-100-disk-3\n',
      good: 'machine: pc-i440fx-4.1+pve2\nscsi14: local-lvm:vm-100-disk-3\n',
    },
  ],
  needs: ['scsiN'],
  *find({ settings, versions }) {
    const version = machineVersionAtStart(settings, versions.qemu);
    if (!isMachineOlder(version, 4, 1, 2)) return;
    for (const entry of settings.family('scsi')) {
      if ((entry.index ?? 0) < 14) continue;
      yield {
        span: atKey(entry),
        message: `${entry.key} needs machine version 4.1+pve2 or newer. ${noStart} Use an index below 14.`,
      };
    }
  },
});
