import { ctOption } from '../../languages/ctConf/options.ts';
import type { CtProblem } from '../../languages/ctConf/read.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { deleteLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { readerRule, readerSource } from './readerRule.ts';

export const unparsableLine = readerRule({
  id: 'lxc/unparsable-line',
  codes: ['syntax'],
  docs: {
    what: 'A line is neither `key: value`, nor `lxc.key = value`, nor a section header, nor a note that starts with `#`.',
    why: 'Proxmox warns in its log, goes on without the line, and leaves it out when it next writes the file.',
    source: readerSource,
  },
  examples: [
    { bad: '«memory = 512»\n', fixed: 'memory: 512\n', good: 'memory: 512\n' },
    { bad: '  «dev0: /dev/kfd»\n', fixed: 'dev0: /dev/kfd\n', good: 'dev0: /dev/kfd\n' },
    { bad: '«lxc.apparmor.profile unconfined»\n', good: 'lxc.apparmor.profile: unconfined\n' },
    { bad: '«[pending]x»\ncores: 2\n', good: '[pve:pending]\ncores: 2\n' },
  ],
  tell: (problem, file) => {
    const fix = mended(problem, file);
    const removal = fixIn(file, 'Remove the line', deleteLine(file.lines, problem.line));
    return {
      message: `${faultOf(problem)} Proxmox ignores it and leaves it out when it next writes the file.`,
      fixes: fix ? [fix, removal] : [removal],
    };
  },
});

function faultOf({ node }: CtProblem): string {
  const { text } = node.value;
  if (text === '') return `"${node.key.text}:" has no value.`;
  if (text.startsWith('[')) return 'This is no section header: [pve:pending], or the name of a snapshot in brackets.';
  if (node.value.start > 0) return 'A line must start with its key: no blanks before it.';
  if (/^lxc\./i.test(text)) return 'A key for LXC is in lower case and followed by a colon or an equals sign.';
  if (/^[A-Za-z]\w*[ \t]*=/.test(text)) return 'A key is followed by a colon, not by an equals sign.';
  if (/^[a-z_]+[0-9]*[ \t]+:/.test(text)) return 'There must be no blank between the key and its colon.';
  return 'This is neither "key: value" nor a section header nor a note (#).';
}

/** The line as it was meant, where it becomes one with a known key. */
function mended({ node, line }: CtProblem, file: SourceFile<CtConf>): Fix | undefined {
  const text = file.lines[line] ?? '';
  const found = /^[ \t]*([A-Za-z]\w*)[ \t]*[:=][ \t]*([^ \t\r].*)$/.exec(text);
  const key = found?.[1]?.toLowerCase();
  if (node.value.text === '' || key === undefined || !ctOption(key)) return undefined;
  const right = `${key}: ${found?.[2]}`;
  return fixIn(file, `Write "${right.trim()}"`, { span: span(line, 0, text.length), text: right });
}
