import { editOf } from '../../languages/modprobe/repair.ts';
import { droppedWords, type ModprobeLine } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const blacklistMany = modprobeRule({
  id: 'modprobe/blacklist-many',
  severity: 'error',
  docs: {
    what: 'A `blacklist` line with more than one module.',
    why: 'kmod takes the first word and drops the others without a message; with commas between them they are one name, which no module has.',
    source: 'kmod 30 and 34.2, kmod_config_parse; observed',
  },
  examples: [
    {
      bad: 'blacklist nouveau «nvidia nvidiafb»\n',
      fixed: 'blacklist nouveau\nblacklist nvidia\nblacklist nvidiafb\n',
      good: 'blacklist nouveau\nblacklist nvidia\n',
    },
    {
      bad: 'blacklist «nouveau,nvidia»\n',
      fixed: 'blacklist nouveau\nblacklist nvidia\n',
      good: 'blacklist nouveau # one module to a line\n',
    },
  ],
  // Joined lines are another matter: then the backslash is the mistake.
  concerns: node =>
    node.kind === 'blacklist' &&
    node.line.height === 1 &&
    (node.name.text.includes(',') || droppedWords(node).length > 0),
  *find(node, file) {
    const words = [node.name, ...droppedWords(node)];
    const comment = words.findIndex(word => word.text.startsWith('#'));
    const named = comment === -1 ? words : words.slice(0, comment);
    const last = named.at(-1);
    const modules = namesIn(named.map(word => word.text));
    if (!last || modules.length < 2) return;
    const hasCommas = named.length === 1;
    const from = hasCommas ? last.start : (named[1]?.start ?? last.start);
    const message = hasCommas
      ? 'kmod takes this for the name of one module, so nothing is blacklisted. Write one line for each.'
      : `Only ${node.module} is blacklisted: kmod reads one module from a line and drops the rest.`;
    yield {
      span: spanIn(node.line, { start: from, end: last.end }),
      message,
      fixes: [fixIn(file, 'Split into one line for each', oneLineEach(node, modules, last.end))],
    };
  },
});

const namesIn = (words: readonly string[]): readonly string[] => [
  ...new Set(words.flatMap(word => word.split(',')).filter(name => name !== '')),
];

const oneLineEach = (node: ModprobeLine, modules: readonly string[], end: number) =>
  editOf(node, { start: node.command.start, end }, modules.map(name => `blacklist ${name}`).join('\n'));
