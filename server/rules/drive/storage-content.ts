import { storagesNear } from '../../facts/storages.ts';
import { property } from '../../languages/vmConf/config.ts';
import { disksOf } from '../../languages/vmConf/start.ts';
import { tokenSpan } from '../../text/span.ts';
import { parseVolumeId } from '../../values/volume.ts';
import { noStart, observed, startRule } from '../startRule.ts';

const site = (content: string): string =>
  `--- etc/pve/storage.cfg\ndir: files\n\tpath /srv/files\n\tcontent ${content}\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nscsi0: `;

export const storageContent = startRule({
  id: 'drive/storage-content',
  severity: 'error',
  since: '7.0-4',
  docs: {
    what: 'A drive is on a storage that may not hold such a thing: disks need the content `images`, ISO images `iso`.',
    why: 'The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: `${site('iso')}«files»:100/vm-100-disk-0.raw\n`,
      good: `${site('iso,images')}files:100/vm-100-disk-0.raw\n`,
    },
  ],
  *find({ settings, file, world }) {
    const storages = storagesNear(world, file);
    for (const entry of disksOf(settings)) {
      const value = property(entry, 'file')?.value;
      const volume = parseVolumeId(value?.text ?? '');
      const storage = volume && storages?.get(volume.storage);
      const needed = volume && contentFor(volume.name);
      if (!value || !storage?.content || !needed || storage.content.includes(needed)) continue;
      const { start } = value;
      yield {
        span: tokenSpan(entry.line, { text: storage.id, start, end: start + storage.id.length }),
        message: `The storage ${storage.id} may not hold ${needed === 'iso' ? 'ISO images' : 'disks'}. ${noStart} Add "${needed}" to its content.`,
        related: [{ uri: storage.uri, span: storage.span, message: 'the storage' }],
      };
    }
  },
});

/** `iso/…` is an ISO image; a name alone or below a number is a disk; of others nothing is said. */
function contentFor(name: string): string | undefined {
  if (name.startsWith('iso/')) return 'iso';
  return /^(?:[0-9]+\/)?[^/]+$/.test(name) ? 'images' : undefined;
}
