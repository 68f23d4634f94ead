import { entriesOf } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { ctOption } from '../../languages/ctConf/options.ts';
import { readLine } from '../../languages/ctConf/read.ts';
import type { CtConf, CtLine } from '../../languages/ctConf/tree.ts';
import type { OptionSchema } from '../../languages/vmConf/schema.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { readerSource } from './readerRule.ts';

export const valueOutOfRange: Rule<CtConf> = {
  id: 'lxc/value-out-of-range',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'The value of an option has the right form but is none of those that the option knows, or is out of its range.',
    why: 'Only the API, the GUI and `pct` check this. From the file such a value is taken as it is: the container may not start, or behave as if the line said something else.',
    source: readerSource,
  },
  examples: [
    { bad: 'ostype: «debain»\n', fixed: 'ostype: debian\n', good: 'ostype: debian\n' },
    { bad: 'cores: «0»\n', good: 'cores: 1\n' },
    { bad: 'tty: «7»\n', good: 'tty: 6\n' },
  ],
  *check(file) {
    for (const section of file.tree.sections) {
      for (const { line, key, value } of entriesOf(file.tree, section)) {
        const schema = ctOption(key.text)?.schema;
        if (!schema || readLine(file.tree.nodes[line] as CtLine, section).length > 0) continue;
        const fault = faultOf(value.text, schema);
        if (fault === undefined) continue;
        const span = tokenSpan(line, value);
        const meant = nearest(value.text.toLowerCase(), schema.enum ?? [], 2);
        yield {
          span,
          message: `${key.text}: "${value.text}" ${fault}. The file is read all the same, but the container may not start.`,
          fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, { span, text: meant })],
        };
      }
    }
  },
};

function faultOf(text: string, { type, enum: words, minimum, maximum, maxLength }: OptionSchema): string | undefined {
  if (words) return words.includes(text) ? undefined : `is none of ${words.join(', ')}`;
  if (maxLength !== undefined && text.length > maxLength) return `is longer than ${maxLength} characters`;
  if (type !== 'integer' && type !== 'number') return undefined;
  if (minimum !== undefined && Number(text) < minimum) return `is below ${minimum}`;
  return maximum !== undefined && Number(text) > maximum ? `is above ${maximum}` : undefined;
}
