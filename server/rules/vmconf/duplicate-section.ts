import { repeatedBy } from '../../languages/vmConf/problems.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { parserRule, parserSource } from '../parserRule.ts';

export const duplicateSection = parserRule({
  id: 'vmconf/duplicate-section',
  code: 'duplicate-section',
  docs: {
    what: 'A section header repeats an earlier one. `[PENDING]` is compared without its case, names of snapshots with it.',
    why: 'Only the last section of a name counts: what the earlier one says is ignored and gone at the next rewrite.',
    source: parserSource,
  },
  examples: [
    { bad: '[PENDING]\ncores: 4\n[«pending»]\nmemory: 2048\n', good: '[PENDING]\ncores: 4\nmemory: 2048\n' },
    { bad: '[snap1]\ncores: 4\n[«snap1»]\ncores: 2\n', good: '[snap1]\ncores: 4\n[Snap1]\ncores: 2\n' },
  ],
  tell: ({ section, reason }, file) => {
    const earlier = repeatedBy(file.tree, section);
    const header = earlier && file.tree.nodes[earlier.header];
    return {
      message: `[${reason.token.text}] is there a second time: what the first one says is lost. Put the lines of both under one header.`,
      related:
        earlier && header
          ? [{ uri: file.uri, span: tokenSpan(earlier.header, header.key), message: 'the section that is lost' }]
          : [],
      span: span(section.header, reason.token.start, reason.token.end),
    };
  },
});
