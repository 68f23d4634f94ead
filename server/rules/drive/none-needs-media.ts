import { textOfProperty } from '../../languages/vmConf/config.ts';
import { removeEntry, setProperty } from '../../languages/vmConf/edits.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const noneNeedsMedia = startRule({
  id: 'drive/none-needs-media',
  severity: 'error',
  docs: {
    what: 'A drive is `none` and no CD drive.',
    why: 'Only a CD drive can be empty; for a disk, `none` is taken for the name of a volume. The VM does not start.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [{ bad: 'scsi0: «none»\n', fixed: 'scsi0: none,media=cdrom\n', good: 'ide2: none,media=cdrom\n' }],
  *find({ settings, file }) {
    for (const entry of drivesOf(settings)) {
      if (textOfProperty(entry, 'file') !== 'none' || textOfProperty(entry, 'media') === 'cdrom') continue;
      yield {
        span: atProperty(entry, 'file'),
        message: `A disk cannot be none: only a CD drive can be empty. ${noStart}`,
        fixes: [
          fixIn(file, 'Make it an empty CD drive', setProperty(entry, 'media', 'cdrom')),
          fixIn(file, 'Remove the drive', removeEntry(file.tree, entry)),
        ],
      };
    }
  },
});
