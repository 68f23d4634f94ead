import { listedWords, softdepOf } from '../../languages/modprobe/arguments.ts';
import { editOf, type Repair } from '../../languages/modprobe/repair.ts';
import type { ModprobeLine } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const softdepMissingKeyword = modprobeRule({
  id: 'modprobe/softdep-missing-keyword',
  severity: 'error',
  docs: {
    what: 'Modules in a `softdep` line that no `pre:` or `post:` stands before. The keyword is a word of its own in lower case, with one blank before it, or three, but not two.',
    why: 'kmod accepts the line without a message and passes over those modules: nothing is loaded before or after.',
    source: 'kmod 30 and 34.2, kmod_config_add_softdep; observed',
  },
  examples: [
    {
      bad: 'softdep nvidia «vfio-pci»\n',
      fixed: 'softdep nvidia pre: vfio-pci\n',
      good: 'softdep nvidia pre: vfio-pci\n',
    },
    {
      bad: 'softdep nvidia «pre:vfio-pci»\n',
      fixed: 'softdep nvidia pre: vfio-pci\n',
      good: 'softdep nvidia post: i2c-dev\n',
    },
    {
      bad: 'softdep nvidia «Pre : vfio-pci»\n',
      fixed: 'softdep nvidia pre: vfio-pci\n',
      good: 'softdep nvidia pre: vfio vfio-pci\n',
    },
    {
      bad: 'softdep nvidia « pre: vfio-pci»\n',
      fixed: 'softdep nvidia pre: vfio-pci\n',
      good: 'softdep nvidia   pre: vfio-pci\n',
    },
  ],
  concerns: node => node.kind === 'softdep' && softdepOf(node).loose.length > 0,
  *find(node, file) {
    const { loose } = softdepOf(node);
    const [first] = loose;
    const last = loose.at(-1);
    if (!first || !last || first.text.trimStart().startsWith('#')) return;
    const repair = repairOf(node, first.start, last.end);
    yield {
      span: spanIn(node.line, { start: first.start, end: last.end }),
      message: messageFor(first.text),
      fixes: repair ? [fixIn(file, repair.title, editOf(node, repair, repair.text))] : [],
    };
  },
});

function messageFor(first: string): string {
  if (/^\s(?:pre|post):$/.test(first)) {
    return 'With two blanks before it kmod takes the keyword for a module, and the line does nothing. Write one blank.';
  }
  return 'Without a free-standing pre: or post: before them, kmod passes over these modules. The line does nothing for them.';
}

/** The words with the keyword as kmod wants it; `pre:` where none was meant to be there. */
function repairOf(node: ModprobeLine, start: number, end: number): Repair | undefined {
  const text = node.line.text.slice(start, end);
  const hasKeyword = /^\s*(?:pre|post)(?:\s*:|\s)/i.test(text);
  const meant = hasKeyword
    ? text.trim().replace(/^(pre|post)\s*:?\s*/i, (_, keyword: string) => `${keyword.toLowerCase()}: `)
    : `pre: ${text.trim()}`;
  const isWhole = listedWords(node).at(-1)?.end === end || !hasKeyword;
  return isWhole
    ? { title: hasKeyword ? 'Write the keyword as kmod reads it' : 'Insert pre:', start, end, text: meant.trim() }
    : undefined;
}
