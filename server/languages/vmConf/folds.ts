import type { Fold, SourceFile } from '../language.ts';
import type { Section, VmConf } from './tree.ts';

/** Sections with a header, and the notes at the top. */
export function vmConfFolds({ tree }: SourceFile<VmConf>): readonly Fold[] {
  return [...noteFolds(tree), ...tree.sections.filter(one => one.header >= 0).flatMap(one => sectionFold(one))];
}

function sectionFold(section: Section): readonly Fold[] {
  let last = section.body.length - 1;
  while (last >= 0 && section.body[last]?.kind === 'blank') last--;
  return last < 0 ? [] : [{ from: section.header, to: section.from + last, kind: 'region' }];
}

/** Runs of two and more `#` lines. */
function noteFolds(tree: VmConf): readonly Fold[] {
  const folds: Fold[] = [];
  let from = -1;
  for (let line = 0; line <= tree.nodes.length; line++) {
    const isNote = tree.nodes[line]?.kind === 'comment';
    if (isNote && from < 0) from = line;
    if (isNote || from < 0) continue;
    if (line - from > 1) folds.push({ from, to: line - 1, kind: 'comment' });
    from = -1;
  }
  return folds;
}
