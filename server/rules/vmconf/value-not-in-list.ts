import { problemsWith } from '../../languages/vmConf/problems.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { hasProblems } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

/** What a wrong word comes to at the start, by option. */
const effects: Readonly<Record<string, string>> = {
  bios: 'The VM boots with SeaBIOS',
  lock: 'GUI, API and qm refuse most actions on the VM until qm unlock',
  ostype: 'The guest gets the settings of an unknown system',
  scsihw: 'QEMU gets the word as it is and does not start',
};

export const valueNotInList: Rule<VmConf> = {
  id: 'vmconf/value-not-in-list',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'The value of an option is none of the words that it knows. Of these options the reader checks nothing; only GUI and API do.',
    why: 'The line stays in force, and the VM behaves as if another value stood there, or fails late.',
    source: 'qemu-server 9.2.6, PVE/QemuServer.pm check_type, observed',
  },
  examples: [
    { bad: 'bios: «ovfm»\n', fixed: 'bios: ovmf\n', good: 'bios: ovmf\n' },
    { bad: 'scsihw: «virtio-scsi»\n', good: 'scsihw: virtio-scsi-pci\n' },
    { bad: 'ostype: «windows»\n', good: 'ostype: win11\n' },
  ],
  mayFind: hasProblems,
  *check(file) {
    for (const { node, line, reason } of problemsWith(file.tree, 'unchecked-enum')) {
      const words = optionOf(node.key.text)?.schema.enum ?? [];
      const text = reason.token.text.trim();
      const lower = text.toLowerCase();
      const meant = words.find(word => word === lower) ?? nearest(lower, words, lower.length > 5 ? 2 : 1);
      const effect =
        effects[node.key.text] ?? 'Nothing checks it before the start, which fails late or goes on without it';
      const span = tokenSpan(line, reason.token);
      yield {
        span,
        message: `"${text}" ${reason.fault}. ${effect}.`,
        fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, { span, text: meant })],
      };
    }
  },
};
