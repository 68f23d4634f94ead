import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const badValue = parserRule({
  id: 'vmconf/bad-value',
  code: 'value',
  docs: {
    what: 'The value of an option has the wrong form: a boolean, a number, a name or a list that is none.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'onboot: «y»\n', fixed: 'onboot: 1\n', good: 'onboot: yes\n' },
    { bad: 'cores: «4x»\n', good: 'cores: 4\n' },
    { bad: 'name: «my vm»\n', fixed: 'name: my-vm\n', good: 'name: my-vm\n' },
    { bad: 'bootdisk: «SCSI0»\n', good: 'bootdisk: scsi0\n' },
  ],
  tell: ({ node, reason, line }, file) => {
    const value = reason.token.text.trim();
    const { mended } = reason;
    const span = tokenSpan(line, reason.token);
    return {
      message: value === '' ? `${node.key.text} has no value. ${lost}` : `"${value}" ${reason.fault}. ${lost}`,
      fixes: mended === undefined ? [] : [fixIn(file, `Change to ${mended}`, { span, text: mended })],
    };
  },
});
