import { property } from '../../languages/vmConf/config.ts';
import { removeEntry } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, readIn, startRule } from '../startRule.ts';

export const bootdiskIgnored = startRule({
  id: 'vm/bootdisk-ignored',
  severity: 'warning',
  since: '6.2-16',
  docs: {
    what: 'There is a `bootdisk:` line beside `boot: order=`.',
    why: '`bootdisk` belongs to the old way of naming the boot order and has no effect then.',
    source: readIn('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'boot: order=scsi0\n«bootdisk»: scsi0\nscsi0: local-lvm:vm-100-disk-0\n',
      fixed: 'boot: order=scsi0\nscsi0: local-lvm:vm-100-disk-0\n',
      good: 'boot: order=scsi0\nscsi0: local-lvm:vm-100-disk-0\n',
    },
  ],
  needs: ['bootdisk'],
  *find({ settings, file }) {
    const entry = settings.entry('bootdisk');
    if (!entry || !property(settings.entry('boot'), 'order')) return;
    yield {
      span: atKey(entry),
      message: 'bootdisk has no effect beside boot: order=. Name the disk in the order instead.',
      tag: 'unnecessary',
      fixes: [fixIn(file, 'Remove the line', removeEntry(file.tree, entry))],
    };
  },
});
