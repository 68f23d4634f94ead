import { imageAges } from '../../facts/initramfs.ts';
import type { SourceFile } from '../../languages/language.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { modules } from '../../languages/modules/modules.ts';
import { visibleLength } from '../../text/lines.ts';
import { span } from '../../text/span.ts';
import type { World } from '../../workspace/world.ts';
import type { Finding, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.17.13-2-pve
== initramfs: ok
6.14.11-6-pve
  modified: 2026-08-20T20:14:31Z
6.17.13-2-pve
  modified: 2026-08-24T10:05:00Z
  vfio-pci: yes
== files: ok
/etc/modprobe.d/vfio.conf
  modified: 2026-08-24T10:00:00Z
  | options vfio-pci ids=10de:2584
/etc/modprobe.d/old.conf
  modified: 2026-08-01T10:00:00Z
  | blacklist nouveau
== end
`;

export const onlyCurrentKernel: Rule = {
  id: 'initramfs/only-current-kernel',
  severity: 'info',
  language: modprobe,
  alsoIn: [modules],
  docs: {
    what: 'The initial RAM disk of the running kernel was made after this file was changed, but that of another installed kernel was not.',
    why: '`update-initramfs -u` without `-k all` renews one image. When the host boots the other kernel, it starts with the old settings.',
    source: 'pve-docs, qm-pci-passthrough.adoc; update-initramfs(8)',
  },
  examples: [
    {
      bad: '«options vfio-pci ids=10de:2584»\n',
      good: '--- etc/modprobe.d/old.conf\nblacklist nouveau\n',
      host,
    },
  ],
  *check(file: SourceFile, world: World): Generator<Finding> {
    const ages = imageAges(world, file);
    if (!ages || ages.older.length === 0 || !ages.newer.includes(ages.running)) return;
    yield {
      span: span(ages.line, 0, visibleLength(file.lines[ages.line] ?? '')),
      message: `The initial RAM disk of ${ages.older.join(', ')} still has the old settings. Run "update-initramfs -u -k all".`,
    };
  },
};
