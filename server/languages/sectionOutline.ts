import { lastLineOf, type SectionConfig } from '../syntax/sectionConfig.ts';
import { visibleLength } from '../text/lines.ts';
import { tokenSpan } from '../text/span.ts';
import type { Fold, SourceFile, SymbolNode } from './language.ts';

/** The outline and the folds of files in Proxmox's section format. */

export function sectionSymbols({ tree }: SourceFile<SectionConfig>): readonly SymbolNode[] {
  return tree.sections.map(section => {
    const endLine = lastLineOf(tree, section);
    return {
      name: section.id.text,
      detail: section.type.text,
      kind: 'section',
      span: { line: section.header, start: 0, endLine, end: visibleLength(tree.lines[endLine] ?? '') },
      nameSpan: tokenSpan(section.header, section.id),
    };
  });
}

export function sectionFolds({ tree }: SourceFile<SectionConfig>): readonly Fold[] {
  return tree.sections
    .map(section => ({ from: section.header, to: lastLineOf(tree, section) }))
    .filter(({ from, to }) => to > from);
}
