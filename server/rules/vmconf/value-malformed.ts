import { problemsWith } from '../../languages/vmConf/problems.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../../text/span.ts';
import { hasProblems } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

const wanted: Readonly<Record<string, string>> = {
  bootdisk: 'a disk such as scsi0',
  parallel: '/dev/parport0 or /dev/usb/lp0',
  serial: 'socket or a device such as /dev/ttyS0',
  startdate: 'now, 2026-01-31 or 2026-01-31T12:00:00',
  vmgenid: 'a UUID, or 1 for a fresh one and 0 for none',
};

export const valueMalformed: Rule<VmConf> = {
  id: 'vmconf/value-malformed',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'The value of an option has not the form that it must have. Of these options the reader checks nothing; only GUI and API do.',
    why: 'The line stays in force, and the start fails late or does something else than it says.',
    source: 'qemu-server 9.2.6, PVE/QemuServer.pm check_type, observed',
  },
  examples: [
    { bad: 'vmgenid: «abc»\n', good: 'vmgenid: 6b1e3ff7-3a0a-4c5e-9d7a-2f1c5a7b9e10\n' },
    { bad: 'startdate: «tomorrow»\n', good: 'startdate: 2026-01-31\n' },
  ],
  mayFind: hasProblems,
  *check(file) {
    for (const { node, line, reason } of problemsWith(file.tree, 'unchecked-pattern')) {
      const name = optionOf(node.key.text)?.name ?? '';
      yield {
        span: tokenSpan(line, reason.token),
        message: `"${reason.token.text.trim()}" is not what ${node.key.text} takes: ${wanted[name] ?? 'see its documentation'}. GUI and API refuse it.`,
      };
    }
  },
};
