import { problemsWith } from '../../languages/vmConf/problems.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { deleteLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { hasProblems, parserSource } from '../parserRule.ts';
import type { Rule } from '../rule.ts';

export const swallowedLine: Rule<VmConf> = {
  id: 'vmconf/swallowed-line',
  severity: 'warning',
  language: vmConf,
  docs: {
    what: 'A line ends in `snapstate: prepare` or `snapstate: delete`, and is not that of a snapshot.',
    why: 'The reader looks for these words anywhere in a line and takes the whole line for them. In the main section it is dropped without a message.',
    source: parserSource,
  },
  examples: [
    { bad: '«net0: virtio,bridge=vmbr0 snapstate: delete»\n', fixed: '', good: 'net0: virtio,bridge=vmbr0\n' },
    { bad: '[snap1]\n«cores: 4 snapstate: prepare»\n', fixed: '[snap1]\n', good: '[snap1]\nsnapstate: prepare\n' },
  ],
  mayFind: hasProblems,
  *check(file) {
    for (const { line, node } of problemsWith(file.tree, 'swallowed')) {
      yield {
        span: span(line, 0, node.value.end),
        message: 'Everything in a line that ends like this is lost: Proxmox reads only the snapstate at its end.',
        fixes: [fixIn(file, 'Remove the line', deleteLine(file.lines, line))],
      };
    }
  },
};
