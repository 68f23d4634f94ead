import { pathOf } from '../../languages/sysfs/paths.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';

export const escapesSys: Rule<SysfsTree> = {
  id: 'sysfs/escapes-sys',
  severity: 'error',
  language: sysfs,
  docs: {
    what: 'A path leads out of /sys by way of `..`.',
    why: 'sysfsutils does not stop it: an existing file anywhere on the system is overwritten, as root, at every boot.',
    source: 'sysfsutils 2.1.1-4, init script, measured: `../etc/f = 1` overwrites /etc/f',
  },
  examples: [
    { bad: '«../etc/hostname» = pve1\n', good: 'class/net/enp3s0/device/sriov_numvfs = 4\n' },
    { bad: 'mode «class/../../etc/shadow» = 0644\n', good: 'class/net/../net/enp3s0/tx_queue_len = 1000\n' },
  ],
  *check(file) {
    for (const line of file.tree.lines) {
      if (line.kind !== 'setting' || !leavesSys(pathOf(line).parts.map(part => part.text))) continue;
      yield {
        span: tokenSpan(line.line, line.path),
        message: 'This path leaves /sys: a file elsewhere on the system is overwritten at every boot.',
      };
    }
  },
};

/** By the names alone; what a link in /sys leads to is not asked. */
function leavesSys(parts: readonly string[]): boolean {
  let depth = 0;
  for (const part of parts) {
    if (part === '..') depth--;
    else if (part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}
