import { type Entry, property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { disksOf } from '../../languages/vmConf/start.ts';
import { parseVolumeId } from '../../values/volume.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, ofDisks, startRule } from '../startRule.ts';

export const formatMismatch = startRule({
  id: 'drive/format-mismatch',
  severity: 'error',
  docs: {
    what: "A drive's `format=` is not the format that its volume has by its name.",
    why: 'The storage knows the format of its volumes; a different one in the configuration stops the start.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    {
      bad: 'scsi0: local:100/vm-100-disk-0.qcow2,format=«raw»\n',
      fixed: 'scsi0: local:100/vm-100-disk-0.qcow2\n',
      good: 'scsi0: local:100/vm-100-disk-0.qcow2,format=qcow2\n',
    },
  ],
  needs: ofDisks('format'),
  *find({ settings, file }) {
    for (const entry of disksOf(settings)) {
      const given = textOfProperty(entry, 'format');
      const named = given === undefined ? undefined : formatByName(entry);
      if (given === undefined || named === undefined || given === named || textOfProperty(entry, 'media') === 'cdrom')
        continue;
      const edit = removeProperty(file.tree, entry, 'format');
      yield {
        span: atProperty(entry, 'format'),
        message: `The volume is ${named}, not ${given}. ${noStart}`,
        fixes: edit ? [fixIn(file, 'Leave out format', edit)] : [],
      };
    }
  },
});

/** Volumes in a directory (`100/vm-100-disk-0.qcow2`) have the format of their ending; others do not tell. */
function formatByName(entry: Entry): string | undefined {
  const name = parseVolumeId(property(entry, 'file')?.value.text ?? '')?.name ?? '';
  return /^[0-9]+\/[^/]+\.(raw|qcow2|vmdk)$/.exec(name)?.[1];
}
