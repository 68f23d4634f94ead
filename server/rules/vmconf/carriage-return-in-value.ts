import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import { lost, parserRule, parserSource } from '../parserRule.ts';

export const carriageReturnInValue = parserRule({
  id: 'vmconf/carriage-return-in-value',
  code: 'line-feed',
  docs: {
    what: 'A value has a carriage return in it that is not at the end of the line.',
    why: 'Proxmox takes off carriage returns at the end of lines only; a value with one inside is refused, and the line is lost.',
    source: parserSource,
  },
  examples: [{ bad: 'machine: «q3\r5»\n', fixed: 'machine: q35\n', good: 'machine: q35\r\n' }],
  tell: ({ reason, line }, file) => {
    const text = reason.token.text.replaceAll('\r', '');
    const isEmpty = text.trim() === '';
    return {
      message: isEmpty
        ? `There is no value before the end of the line. ${lost}`
        : `There is a carriage return inside the value. ${lost}`,
      fixes: isEmpty
        ? [fixIn(file, 'Remove the line', deleteLine(file.lines, line))]
        : [safeFixIn(file, 'Remove the carriage return', { span: tokenSpan(line, reason.token), text })],
    };
  },
});
