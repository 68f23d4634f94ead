import { deleteLine } from '../../text/edit.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, parserSource } from '../parserRule.ts';

export const deleteOutsidePending = parserRule({
  id: 'vmconf/delete-outside-pending',
  code: 'delete-outside-pending',
  docs: {
    what: 'A `delete:` line stands outside the section `[PENDING]`.',
    why: 'Only `[PENDING]` can hold the options that the next cold start removes. Elsewhere the line is ignored and lost.',
    source: parserSource,
  },
  examples: [
    { bad: 'cores: 4\n«delete»: hostpci0\n', fixed: 'cores: 4\n', good: 'cores: 4\n[PENDING]\ndelete: hostpci0\n' },
  ],
  tell: ({ line }, file) => ({
    message: `delete: works in [PENDING] only. ${lost} Remove the options themselves, or move the line below [PENDING].`,
    fixes: [fixIn(file, 'Remove the line', deleteLine(file.lines, line))],
  }),
});
