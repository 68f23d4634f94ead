import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { parseVolumeId } from '../../values/volume.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const isoNeedsMedia = startRule({
  id: 'drive/iso-needs-media',
  severity: 'error',
  since: '8.3.10',
  docs: {
    what: 'A drive has an ISO image and no `media=cdrom`.',
    why: 'Proxmox does not attach an ISO image as a disk. The VM does not start.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    {
      bad: 'ide2: «local:iso/debian.iso»\n',
      fixed: 'ide2: local:iso/debian.iso,media=cdrom\n',
      good: 'ide2: local:iso/debian.iso,media=cdrom\n',
    },
  ],
  *find({ settings, file }) {
    for (const entry of drivesOf(settings)) {
      const volume = parseVolumeId(property(entry, 'file')?.value.text ?? '');
      if (!volume?.name.startsWith('iso/') || textOfProperty(entry, 'media') === 'cdrom') continue;
      yield {
        span: atProperty(entry, 'file'),
        message: `An ISO image needs media=cdrom. ${noStart}`,
        fixes: [fixIn(file, 'Add media=cdrom', setProperty(entry, 'media', 'cdrom'))],
      };
    }
  },
});
