import { isReadFile } from '../../languages/modprobe/config.ts';
import { linesWith } from '../../languages/modprobe/linesRead.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { commands, type ModprobeTree, type ReadLine } from '../../languages/modprobe/tree.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const startsLine = new RegExp(`^(?:${commands.join('|')})[ \\t]`);

export const swallowedLine: Rule<ModprobeTree> = {
  id: 'modprobe/swallowed-line',
  severity: 'warning',
  language: modprobe,
  docs: {
    what: 'A line that belongs to the one above it, because that ends in a backslash, although it looks like a line of its own.',
    why: 'kmod joins the two, also below a comment: the second line is then part of the comment, or of the words of the first.',
    source: 'kmod 30 and 34.2, freadline_wrapped; observed',
  },
  examples: [
    {
      bad: '# for the GPU \\\n«options vfio-pci ids=10de:1b80»\n',
      fixed: '# for the GPU\noptions vfio-pci ids=10de:1b80\n',
      good: 'options vfio-pci \\\n  ids=10de:1b80\n',
    },
  ],
  mayFind: ({ tree }) => tree.picks.of(isJoined).length > 0,
  *check(file) {
    if (!isReadFile(file.place.path)) return;
    for (const { line: logical, kind } of linesWith(file.tree, isJoined)) {
      for (let line = logical.from + 1; line <= logical.to; line++) {
        const text = file.lines[line] ?? '';
        const above = file.lines[line - 1] ?? '';
        if (!startsLine.test(text)) continue;
        const end = above.replace(/[ \t]*\\$/, '').length;
        yield {
          span: span(line, 0, text.length),
          message: `This belongs to the ${kind === 'comment' ? 'comment' : 'line'} above, which ends in a backslash, and has no effect of its own.`,
          fixes: [fixIn(file, 'Remove the backslash above', { span: span(line - 1, end, above.length), text: '' })],
        };
      }
    }
  },
};

/** The commands of `install` and `remove` are a shell's business. */
const isJoined = ({ kind, line }: ReadLine): boolean => line.height > 1 && kind !== 'install' && kind !== 'remove';
