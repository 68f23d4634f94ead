import { imageAges } from '../../facts/initramfs.ts';
import type { SourceFile } from '../../languages/language.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { modules } from '../../languages/modules/modules.ts';
import { visibleLength } from '../../text/lines.ts';
import { span } from '../../text/span.ts';
import type { World } from '../../workspace/world.ts';
import type { Finding, Rule } from '../rule.ts';

const host = (image: string): string => `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.17.13-2-pve
== initramfs: ok
6.17.13-2-pve
  modified: ${image}
  vfio-pci: yes
== files: ok
/etc/modprobe.d/vfio.conf
  modified: 2026-08-24T10:00:00Z
  | options vfio-pci ids=10de:2584
/etc/modprobe.d/zfs.conf
  modified: 2026-08-24T10:00:00Z
  | options zfs zfs_arc_max=8589934592
== end
`;

export const stale: Rule = {
  id: 'initramfs/stale',
  severity: 'warning',
  language: modprobe,
  alsoIn: [modules],
  docs: {
    what: 'The initial RAM disk of the running kernel is older than this file, which is about drivers that are loaded from it. Silent where the times are not known or the host has another text.',
    why: 'The kernel starts with the settings of the time when the image was made: the edit has no effect, also after a reboot.',
    source: 'pve-docs, qm-pci-passthrough.adoc; initramfs-tools copies /etc/modprobe.d into the image',
  },
  examples: [
    {
      bad: '«options vfio-pci ids=10de:2584»\n',
      good: '--- etc/modprobe.d/zfs.conf\noptions zfs zfs_arc_max=8589934592\n',
      host: host('2026-08-20T20:15:02Z'),
    },
  ],
  *check(file: SourceFile, world: World): Generator<Finding> {
    const ages = imageAges(world, file);
    if (!ages?.older.includes(ages.running)) return;
    yield {
      span: span(ages.line, 0, visibleLength(file.lines[ages.line] ?? '')),
      message: `The initial RAM disk of ${ages.running} is older than this file, so it starts with other settings. Run "update-initramfs -u -k all" and reboot.`,
    };
  },
};
