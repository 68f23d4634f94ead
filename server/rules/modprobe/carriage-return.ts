import { isReadFile } from '../../languages/modprobe/config.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { isAccepted, lineAt, type ModprobeTree, type ReadLine } from '../../languages/modprobe/tree.ts';
import { span } from '../../text/span.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const carriageReturn: Rule<ModprobeTree> = {
  id: 'modprobe/carriage-return',
  severity: 'warning',
  language: modprobe,
  docs: {
    what: 'A file with Windows line ends.',
    why: 'For kmod the carriage return is a part of the last word: it is then the name of no module, no value and no command, without a message.',
    source: 'kmod 30 and 34.2, kmod_config_parse; observed',
  },
  examples: [
    {
      bad: '# GPU\r\nblacklist «nouveau»\r\n',
      fixed: '# GPU\nblacklist nouveau\n',
      good: 'blacklist nouveau\nsoftdep nouveau pre: vfio-pci\r\n',
    },
  ],
  *check(file) {
    if (!isReadFile(file.place.path)) return;
    const [first] = file.tree.picks.of(isHurt);
    if (first === undefined) return;
    const line = lineAt(file.tree, first).line.to;
    const text = (file.lines[line] ?? '').replace(/\r+$/, '');
    const word = text.replace(/[ \t]+$/, '');
    const start = Math.max(word.lastIndexOf(' '), word.lastIndexOf('\t')) + 1;
    const whose = word === text ? `belongs to "${word.slice(start)}"` : 'is a word of its own';
    const edits = file.lines.flatMap((one, index) => {
      const end = one.replace(/\r+$/, '').length;
      return end === one.length ? [] : [{ span: span(index, end, one.length), text: '' }];
    });
    yield {
      span: span(line, start, text.length),
      message: `This file has Windows line ends, and for kmod the carriage return ${whose}. Change them to Unix line ends.`,
      fixes: [safeFixIn(file, 'Change to Unix line ends', ...edits)],
    };
  },
};

const isHurt = (node: ReadLine): boolean => isAccepted(node) && endsInReturn(node);

/** In softdep and weakdep lines a carriage return separates words like a blank; the kernel's own splitting does so too. */
function endsInReturn({ kind, line, name, rest }: ReadLine): boolean {
  if (kind === 'softdep' || kind === 'weakdep') return false;
  const last = kind === 'blacklist' ? name : rest;
  return kind !== 'options' && last.text.endsWith('\r') && line.text.endsWith('\r');
}
