import { storagesNear } from '../../facts/storages.ts';
import { property } from '../../languages/vmConf/config.ts';
import { disksOf } from '../../languages/vmConf/start.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { parseVolumeId } from '../../values/volume.ts';
import { fixIn } from '../edits.ts';
import { noStart, observed, startRule } from '../startRule.ts';

const site = (name: string): string =>
  `--- etc/pve/storage.cfg\nlvmthin: local-lvm\n\tthinpool data\n\tvgname pve\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nscsi0: ${name}:vm-100-disk-0\n`;

export const storageNotFound = startRule({
  id: 'drive/storage-not-found',
  severity: 'error',
  since: '7.0-4',
  docs: {
    what: 'A drive is on a storage that storage.cfg does not define. Silent where that file is not known.',
    why: 'The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [{ bad: site('«local-lmv»'), fixed: site('local-lvm'), good: site('local-lvm') }],
  *find({ settings, file, world }) {
    const storages = storagesNear(world, file);
    if (!storages) return;
    for (const entry of disksOf(settings)) {
      const value = property(entry, 'file')?.value;
      const name = parseVolumeId(value?.text ?? '')?.storage;
      // Proxmox has a storage `local` even where the file does not say so.
      if (!value || name === undefined || name === 'local' || storages.has(name)) continue;
      const meant = nearest(name, storages.keys(), 2);
      const span = tokenSpan(entry.line, { text: name, start: value.start, end: value.start + name.length });
      yield {
        span,
        message: `There is no storage ${name}.${meant === undefined ? '' : ` Was ${meant} meant?`} ${noStart}`,
        fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, { span, text: meant })],
      };
    }
  },
});
