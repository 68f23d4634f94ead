import { isFlagOn, property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, ofDisks, startRule } from '../startRule.ts';

export const cdromWithDiskOptions = startRule({
  id: 'drive/cdrom-with-disk-options',
  severity: 'warning',
  docs: {
    what: 'A CD drive (`media=cdrom`) has `format=` or `snapshot=1`.',
    why: 'Both are for disks: the VM starts without this drive, and without a word.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    {
      bad: 'ide2: local:iso/debian.iso,media=cdrom,«format=raw»\n',
      fixed: 'ide2: local:iso/debian.iso,media=cdrom\n',
      good: 'ide2: local:iso/debian.iso,media=cdrom\n',
    },
  ],
  needs: ofDisks('format', 'snapshot'),
  *find({ settings, file }) {
    for (const entry of drivesOf(settings)) {
      if (textOfProperty(entry, 'media') !== 'cdrom') continue;
      const wrong = [property(entry, 'format') && 'format', isFlagOn(entry, 'snapshot') && 'snapshot'];
      for (const name of wrong) {
        const edit = name ? removeProperty(file.tree, entry, name) : undefined;
        if (!name || !edit) continue;
        yield {
          span: atPart(entry, name),
          message: `A CD drive cannot have ${name}: the VM starts without it.`,
          fixes: [fixIn(file, `Leave out ${name}`, edit)],
        };
      }
    }
  },
});
