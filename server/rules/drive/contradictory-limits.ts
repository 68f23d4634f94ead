import { property } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, ofDisks, startRule } from '../startRule.ts';

export const contradictoryLimits = startRule({
  id: 'drive/contradictory-limits',
  severity: 'warning',
  docs: {
    what: 'A drive has a limit for everything (`mbps`, `iops`) together with one for reading or writing alone.',
    why: 'The reader lets it pass, but the drive is missing at the start, without a word; migration and backup pass over it too.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    {
      bad: 'scsi0: local-lvm:vm-100-disk-0,«mbps=100»,mbps_rd=50\n',
      fixed: 'scsi0: local-lvm:vm-100-disk-0,mbps_rd=50\n',
      good: 'scsi0: local-lvm:vm-100-disk-0,mbps_rd=50,mbps_wr=50\n',
    },
  ],
  needs: ofDisks('mbps', 'iops'),
  *find({ settings, file }) {
    for (const entry of drivesOf(settings)) {
      for (const name of ['mbps', 'iops']) {
        const special = [`${name}_rd`, `${name}_wr`].filter(one => property(entry, one));
        const edit = removeProperty(file.tree, entry, name);
        if (!edit || special.length === 0) continue;
        yield {
          span: atPart(entry, name),
          message: `${name} does not go with ${special.join(' and ')}: the VM starts without this drive.`,
          fixes: [fixIn(file, `Leave out ${name}`, edit)],
        };
      }
    }
  },
});
