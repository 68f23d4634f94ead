import { debianRelease } from '../../languages/sysfs/release.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { span } from '../../text/span.ts';
import { versionsOf } from '../../workspace/world.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const carriageReturn: Rule<SysfsTree> = {
  id: 'sysfs/carriage-return',
  severity: 'warning',
  language: sysfs,
  docs: {
    what: 'A line ends as on Windows, on a host with Debian 12.',
    why: 'sysfsutils writes the carriage return into the attribute as a part of the value, which many attributes refuse. Debian 13 drops it.',
    source: 'sysfsutils 2.1.1-4, init script, measured',
  },
  examples: [
    {
      bad: 'class/net/enp3s0/device/sriov_numvfs = 4«\r»\n',
      fixed: 'class/net/enp3s0/device/sriov_numvfs = 4\n',
      good: 'class/net/enp3s0/device/sriov_numvfs = 4\n',
      host: 'hostpci snapshot 1\n== versions: ok\npve-manager: 8.4.1\n== end\n',
    },
  ],
  *check(file, world) {
    if (debianRelease(versionsOf(world, file)) !== 12) return;
    for (const line of file.tree.lines) {
      const text = file.lines[line.line] ?? '';
      if (line.kind !== 'setting' || line.comment.text !== '' || !text.endsWith('\r') || line.sh.does === 'stop')
        continue;
      const where = span(line.line, text.length - 1, text.length);
      yield {
        span: where,
        message:
          'On Debian 12 the carriage return of this Windows line end is written into the attribute with the value.',
        fixes: [safeFixIn(file, 'Remove the carriage return', { span: where, text: '' })],
      };
    }
  },
};
