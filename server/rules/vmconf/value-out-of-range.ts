import { problemsWith } from '../../languages/vmConf/problems.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { hasProblems } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

/** What a number below the least comes to at the start, by option. */
const effects: Readonly<Record<string, string>> = {
  cores: 'It counts as 1',
  smp: 'It counts as 1',
  sockets: 'It counts as 1',
  vcpus: 'It counts as not set',
};

export const valueOutOfRange: Rule<VmConf> = {
  id: 'vmconf/value-out-of-range',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'The number of an option is below the least or above the greatest that it takes. The reader does not check that; only GUI and API do.',
    why: 'The line stays in force, and the start does something else than it says: `cores: 0` counts as 1.',
    source: 'qemu-server 9.2.6, PVE/QemuServer.pm check_type, observed',
  },
  examples: [
    { bad: 'cores: «0»\n', fixed: 'cores: 1\n', good: 'cores: 1\n' },
    { bad: 'shares: «60000»\n', fixed: 'shares: 50000\n', good: 'shares: 1000\n' },
  ],
  mayFind: hasProblems,
  *check(file) {
    for (const { node, line, reason } of problemsWith(file.tree, 'unchecked-range')) {
      const schema = optionOf(node.key.text)?.schema;
      const limit = Number(reason.token.text) < (schema?.minimum ?? -Infinity) ? schema?.minimum : schema?.maximum;
      const effect = effects[node.key.text] ?? 'GUI and API refuse it; a start goes on with it as well as it can';
      const span = tokenSpan(line, reason.token);
      yield {
        span,
        message: `${reason.token.text} ${reason.fault}. ${effect}.`,
        fixes: limit === undefined ? [] : [fixIn(file, `Change to ${limit}`, { span, text: String(limit) })],
      };
    }
  },
};
