import { textOfProperty } from '../../languages/vmConf/config.ts';
import { atPart, observed, startRule } from '../startRule.ts';

export const cdromOnVirtio = startRule({
  id: 'drive/cdrom-on-virtio',
  severity: 'warning',
  docs: {
    what: 'A `virtioN` drive has `media=cdrom`.',
    why: 'A virtio block device cannot be a CD drive: the VM starts without it, and without a word.',
    source: observed('QemuServer/Drive.pm'),
  },
  examples: [
    { bad: 'virtio1: local:iso/debian.iso,«media=cdrom»\n', good: 'ide2: local:iso/debian.iso,media=cdrom\n' },
  ],
  needs: ['virtioN.media'],
  *find({ settings }) {
    for (const entry of settings.family('virtio')) {
      if (textOfProperty(entry, 'media') !== 'cdrom') continue;
      yield {
        span: atPart(entry, 'media'),
        message: 'virtio cannot be a CD drive: the VM starts without this one. Use ide2, sataN or scsiN.',
      };
    }
  },
});
