import { listedWords, parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import type { ModprobeLine, ReadLine } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import type { Token } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const inlineComment = modprobeRule({
  id: 'modprobe/inline-comment',
  severity: 'warning',
  docs: {
    what: 'A comment behind `options`, `softdep` or `weakdep`.',
    why: 'Only a # in the first column starts a comment. Here its words become parameters, which the kernel does not know, or modules to load.',
    source: 'kmod 30 and 34.2, kmod_config_parse; observed',
  },
  examples: [
    {
      bad: 'options vfio-pci ids=10de:1b80 «# the GPU»\n',
      fixed: '# the GPU\noptions vfio-pci ids=10de:1b80\n',
      good: '# the GPU\noptions vfio-pci ids=10de:1b80\n',
    },
    {
      bad: 'softdep nouveau pre: vfio-pci «# vfio first»\n',
      fixed: '# vfio first\nsoftdep nouveau pre: vfio-pci\n',
      good: 'blacklist nouveau # here it does no harm\n',
    },
  ],
  concerns: node => node.line.text.includes('#') && hashOf(node) !== undefined,
  *find(node, file) {
    const hash = hashOf(node);
    if (!hash) return;
    const start = hash.start + hash.text.indexOf('#');
    const end = node.rest.end;
    const text = node.line.text.slice(start, end).trimEnd();
    yield {
      span: spanIn(node.line, { start, end: start + text.length }),
      message: `Comments start in the first column only: these words are taken for ${node.kind === 'options' ? 'parameters' : 'modules'}.`,
      fixes:
        node.line.from === node.line.to
          ? [fixIn(file, 'Move the comment above', ...moved(node, start, end, text))]
          : [],
    };
  },
});

function hashOf(node: ReadLine): Token | undefined {
  const words = node.kind === 'options' ? parametersOf(node).map(one => one.whole) : listedWords(node);
  return words.find(word => word.text.trimStart().startsWith('#'));
}

function moved(node: ModprobeLine, start: number, end: number, text: string) {
  const before = node.line.text.slice(0, start).trimEnd().length;
  return [editOf(node, { start: 0, end: 0 }, `${text}\n`), editOf(node, { start: before, end }, '')];
}
