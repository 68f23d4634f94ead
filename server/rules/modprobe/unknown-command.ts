import { isReadFile } from '../../languages/modprobe/config.ts';
import { linesRead, mayHave } from '../../languages/modprobe/linesRead.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { editOf, isMisplacedComment, type Repair, repairLine } from '../../languages/modprobe/repair.ts';
import {
  kmodMajor,
  type ModprobeLine,
  type ModprobeTree,
  nodeAt,
  type ReadLine,
} from '../../languages/modprobe/tree.ts';
import { spanIn, wholeOf } from '../../syntax/wordLines.ts';
import type { Lines } from '../../text/lines.ts';
import { versionsOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { removeLine } from '../modprobeRule.ts';
import type { Fix, Rule } from '../rule.ts';

export const unknownCommand: Rule<ModprobeTree> = {
  id: 'modprobe/unknown-command',
  severity: 'error',
  language: modprobe,
  docs: {
    what: 'A line whose first word is none of the commands alias, blacklist, install, options, remove, softdep and weakdep. They are written in lower case; include and config are no longer read.',
    why: 'kmod writes a message about a bad line, which nobody sees at boot, and goes on as if the line were not there.',
    source: 'kmod 30 and 34.2, libkmod-config.c, kmod_config_parse; observed',
    since: 'weakdep exists since kmod 33',
  },
  examples: [
    {
      bad: '«Options» vfio-pci ids=10de:1b80\n',
      fixed: 'options vfio-pci ids=10de:1b80\n',
      good: 'options vfio-pci ids=10de:1b80\n',
    },
    {
      bad: '«modprobe.blacklist=nouveau,nvidiafb»\n',
      fixed: 'blacklist nouveau\nblacklist nvidiafb\n',
      good: 'blacklist nouveau\n',
    },
    { bad: '«include» /etc/modprobe.local\n', fixed: '', good: '# see modprobe.local\n' },
  ],
  mayFind: ({ tree }) => mayHave(tree, isUnknown),
  *check(file, world) {
    if (!isReadFile(file.place.path)) return;
    const kmod = kmodMajor(versionsOf(world, file).kmod);
    for (const node of linesRead(file.tree, kmod, isUnknown)) {
      const written = nodeAt(file.tree, { line: node.line.from, column: 0 });
      const repair = repairLine(written);
      yield {
        // A last line of nothing but a backslash has no text of its own, yet old versions of kmod see a word there.
        span: written.command.text === '' ? wholeOf(file.lines, written.line) : spanIn(written.line, written.command),
        message: messageFor(node, repair),
        fixes: fixesFor(file, written, repair),
      };
    }
  },
};

const isUnknown = (node: ReadLine): boolean =>
  (node.kind === 'deprecated' || (node.kind === 'unknown' && !isMisplacedComment(node))) && node.command.text !== '\r';

function messageFor(node: ModprobeLine, repair: Repair | undefined): string {
  const word = node.command.text.trim();
  if (node.kind === 'deprecated') return `kmod no longer reads "${word}". Put the lines into a file of this directory.`;
  if (word === 'weakdep') return 'This host has a kmod before 33, which does not know "weakdep" and ignores the line.';
  if (repair?.title.startsWith('Remove'))
    return 'The line starts with characters that cannot be seen, so kmod ignores it.';
  const meant = /^Change to (\w+)$/.exec(repair?.title ?? '')?.[1];
  const hint = meant ? ` Was "${meant}" meant?` : '';
  return `"${word}" is no command of modprobe.d, so kmod ignores the line.${hint}`;
}

function fixesFor(
  { uri, lines }: { uri: string; lines: Lines },
  node: ModprobeLine,
  repair: Repair | undefined,
): readonly Fix[] {
  if (repair) return [fixIn({ uri }, repair.title, editOf(node, repair, repair.text))];
  if (node.kind !== 'deprecated' && node.kind !== 'weakdep') return [];
  return [fixIn({ uri }, 'Remove the line', removeLine(lines, node.line))];
}
