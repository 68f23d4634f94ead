import { overriddenIn } from '../../languages/vmConf/problems.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import { parserSource } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

export const duplicateKey: Rule<VmConf> = {
  id: 'vmconf/duplicate-key',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'A key is there twice in the main section or in `[PENDING]`. A line that the reader refuses does not count, and `cdrom` is `ide2`.',
    why: 'The last one counts, without a message; the others are gone at the next rewrite.',
    source: parserSource,
  },
  examples: [
    {
      bad: '«cores»: 2\nmemory: 4096\ncores: 4\n',
      fixed: 'memory: 4096\ncores: 4\n',
      good: 'cores: 4\nmemory: 4096\n',
    },
    {
      bad: '«onboot»: 1\ncores: 2\nonboot: 1\n',
      fixed: 'cores: 2\nonboot: 1\n',
      good: 'onboot: 1\ncores: 2\n',
    },
    {
      bad: '«cdrom»: none\nide2: none,media=cdrom\n',
      fixed: 'ide2: none,media=cdrom\n',
      good: 'ide2: none,media=cdrom\n',
    },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      if (section.kind !== 'main' && section.kind !== 'pending') continue;
      for (const { line, node, by } of overriddenIn(section)) {
        const later = file.tree.nodes[by];
        if (!later) continue;
        // Another value may be what was meant to count, or a line that was copied and not renumbered: that wants a look.
        const isRepeated = node.key.text === later.key.text && node.value.text === later.value.text;
        const fix = isRepeated ? safeFixIn : fixIn;
        yield {
          span: tokenSpan(line, node.key),
          message: `This line has no effect: line ${by + 1} sets ${later.key.text} again.`,
          tag: 'unnecessary',
          related: [{ uri: file.uri, span: tokenSpan(by, later.key), message: 'the line that counts' }],
          fixes: [fix(file, 'Remove the line', deleteLine(file.lines, line))],
        };
      }
    }
  },
};
