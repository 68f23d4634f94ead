import type { SourceFile } from '../../languages/language.ts';
import type { Problem } from '../../languages/vmConf/problems.ts';
import { optionOf } from '../../languages/vmConf/schema.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { deleteLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, parserSource, whyLost } from '../parserRule.ts';
import type { Fix } from '../rule.ts';

export const unparsableLine = parserRule({
  id: 'vmconf/unparsable-line',
  code: 'syntax',
  docs: {
    what: 'A line is neither `key: value`, nor a section header, nor a note that starts with `#`.',
    why: whyLost,
    source: parserSource,
  },
  examples: [
    { bad: '«machine = q35»\ncores: 4\n', fixed: 'machine: q35\ncores: 4\n', good: 'machine: q35\ncores: 4\n' },
    { bad: '«  cores: 4»\n', fixed: 'cores: 4\n', good: 'cores: 4\n' },
    { bad: '«Memory: 4096»\n', fixed: 'memory: 4096\n', good: 'memory: 4096\n' },
  ],
  tell: (problem, file) => {
    const fix = mended(problem, file);
    const removal = fixIn(file, 'Remove the line', deleteLine(file.lines, problem.line));
    return { message: `${faultOf(problem)} ${lost}`, fixes: fix ? [fix, removal] : [removal] };
  },
});

function faultOf({ node }: Problem): string {
  const text = node.value.text;
  if (node.value.start === node.value.end) return `"${node.key.text}:" has no value.`;
  if (/^[ \t]/.test(text)) return 'A line must start with its key: no blanks before it.';
  if (/^[A-Za-z][\w-]*[ \t]*=/.test(text)) return 'A key is followed by a colon, not by an equals sign.';
  if (/^[a-z][a-z_-]*[0-9]*[ \t]+:/.test(text)) return 'There must be no blank between the key and its colon.';
  if (/^[A-Za-z][\w-]*:/.test(text)) return 'Keys are in lower case, with digits at the end only.';
  return 'This is neither "key: value" nor a section header nor a note (#).';
}

/** The line as it was meant, where it becomes one with a known key. */
function mended({ node, line }: Problem, file: SourceFile<VmConf>): Fix | undefined {
  const text = file.lines[line] ?? '';
  const found = /^[ \t]*([A-Za-z][\w-]*)[ \t]*[:=][ \t]*([^ \t\r].*)$/.exec(text);
  const key = found?.[1]?.toLowerCase();
  if (node.value.start === node.value.end || key === undefined || !optionOf(key)) return undefined;
  const right = `${key}: ${found?.[2]}`;
  return fixIn(file, `Write "${right.trim()}"`, { span: span(line, 0, text.length), text: right });
}
