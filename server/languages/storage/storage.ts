import { parseSectionConfig, type SectionConfig, sectionAt } from '../../syntax/sectionConfig.ts';
import { escapeMarkdown, paragraphs } from '../../text/markdown.ts';
import { type Position, tokenSpan, tokenTouches } from '../../text/span.ts';
import { storageId } from '../../values/names.ts';
import type { Description, Language, NameUse, SourceFile } from '../language.ts';
import { sectionFolds, sectionSymbols } from '../sectionOutline.ts';
import { own } from '../vmConf/schema.ts';
import { completeStorage } from './complete.ts';
import { contentOf, typeOf } from './config.ts';
import { propertyDocs } from './types.ts';

type File = SourceFile<SectionConfig>;

/** `/etc/pve/storage.cfg`: where disks, images and backups are kept. Read for its names; nothing is checked. */
export const storage: Language<SectionConfig> = {
  id: 'pve-storage',
  name: 'storage configuration',
  patterns: ['**/pve/storage.cfg'],
  lineComment: '#',
  parse: (lines, previous) => parseSectionConfig(lines, 'type: id', previous),
  complete: completeStorage,
  hover,
  symbols: sectionSymbols,
  folds: sectionFolds,
  names,
};

function hover({ tree }: File, at: Position): Description | undefined {
  const node = tree.nodes[at.line];
  const section = sectionAt(tree, at.line);
  if (!node || !section) return undefined;
  if (section.header === at.line) {
    const content = contentOf(tree, section)?.join(', ');
    const facts = content === undefined ? undefined : `Holds: ${escapeMarkdown(content)}`;
    const markdown = paragraphs(`**${escapeMarkdown(section.id.text)}**`, typeOf(section)?.about, facts);
    return { span: tokenSpan(at.line, tokenTouches(section.type, at.column) ? section.type : section.id), markdown };
  }
  const doc = tokenTouches(node.key, at.column) ? own(propertyDocs, node.key.text) : undefined;
  return doc === undefined
    ? undefined
    : { span: tokenSpan(at.line, node.key), markdown: paragraphs(`**${escapeMarkdown(node.key.text)}**`, doc) };
}

/** Renaming a storage would leave its volumes in every guest without one, so it is not offered. */
function names({ tree }: File): readonly NameUse[] {
  return tree.sections
    .filter(section => storageId.check(section.id.text) === undefined)
    .map(section => ({
      kind: 'storage',
      name: section.id.text,
      role: 'definition',
      span: tokenSpan(section.header, section.id),
      scope: 'cluster',
      renamable: false,
    }));
}
