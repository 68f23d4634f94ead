import { type ConfigSection, type SectionConfig, sectionAt } from '../../syntax/sectionConfig.ts';
import { visibleLength } from '../../text/lines.ts';
import { type Position, type Span, span, type Token } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { propertiesOf } from '../pciMapping/config.ts';
import { maybe } from '../vmConf/suggest.ts';
import { typeOf } from './config.ts';
import { contentDocs, propertyDocs, storageTypes } from './types.ts';

/** Types of storages, properties that a type has, contents and nodes. */
export function completeStorage(
  file: SourceFile<SectionConfig>,
  at: Position,
  around: Surroundings,
): readonly Suggestion[] {
  const { tree } = file;
  const node = tree.nodes[at.line];
  if (!node || node.shape === 'comment') return [];
  const section = sectionAt(tree, at.line) ?? (node.shape === 'empty' ? sectionAt(tree, at.line - 1) : undefined);
  if (!section || section.header === at.line) return types(tree, at);
  if (node.shape !== 'property' || at.column <= node.key.end) {
    const isNew = node.shape === 'empty';
    return [...keys(tree, section, at), ...(isNew ? types(tree, at) : [])];
  }
  return values(section, node.key.text, node.value, at, around);
}

/** The start of a section. */
function types(tree: SectionConfig, at: Position): readonly Suggestion[] {
  const line = tree.lines[at.line] ?? '';
  const word = /^[a-z]*:?/i.exec(line)?.[0] ?? '';
  if (at.column > word.length) return [];
  const replace = span(at.line, 0, word.length);
  const isAlone = line.replace(/\r$/, '') === word;
  return Object.entries(storageTypes).map(([type, { about, needed }]) => ({
    label: type,
    kind: 'section',
    replace,
    insert: isAlone
      ? `${type}: \${1:name}${needed.map((key, stop) => `\n\t${key} $${stop + 2}`).join('')}`
      : `${type}:`,
    snippet: isAlone,
    detail: about,
  }));
}

function keys(tree: SectionConfig, section: ConfigSection, at: Position): readonly Suggestion[] {
  const node = tree.nodes[at.line];
  const line = tree.lines[at.line] ?? '';
  const start = Math.min(at.column, /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const end = node?.shape === 'property' ? node.key.end : Math.max(at.column, visibleLength(line));
  const hasValue = node !== undefined && node.value.end > node.value.start;
  const others = [...propertiesOf(tree, section)].filter(one => one.line !== at.line);
  const taken = new Set(others.map(({ key }) => key.text));
  const type = typeOf(section);
  return [...(type?.needed ?? []), ...(type?.optional ?? [])]
    .filter(key => !taken.has(key))
    .map((key, rank) => ({
      label: key,
      kind: 'key',
      replace: span(at.line, start, end),
      insert: `${start === 0 ? '\t' : ''}${key}${hasValue ? '' : ' '}`,
      sort: String(rank).padStart(3, '0'),
      again: !hasValue,
      ...maybe('documentation', propertyDocs[key]),
    }));
}

const flags = new Set([
  'disable',
  'shared',
  'sparse',
  'krbd',
  'mkdir',
  'create-base-path',
  'create-subdirs',
  'nocow',
  'fuse',
  'saferemove',
]);

function values(
  section: ConfigSection,
  key: string,
  value: Token,
  at: Position,
  around: Surroundings,
): readonly Suggestion[] {
  const item = itemAt(value, at);
  if (key === 'content') {
    const given = new Set(value.text.split(','));
    const words = typeOf(section)?.content ?? Object.keys(contentDocs);
    return words.filter(word => !given.has(word)).map(word => plain(word, item, contentDocs[word]));
  }
  if (key === 'nodes') return around.nodes.map(node => plain(node, item));
  return flags.has(key) ? [plain('1', item), plain('0', item)] : [];
}

/** The item of a list that the cursor is in; zero-width behind the value. */
function itemAt(value: Token, { line, column }: Position): Span {
  if (column < value.start || column > value.end) return span(line, column, column);
  const at = column - value.start;
  const start = value.text.lastIndexOf(',', at - 1) + 1;
  const comma = value.text.indexOf(',', at);
  return span(line, value.start + (at === 0 ? 0 : start), value.start + (comma === -1 ? value.text.length : comma));
}

const plain = (text: string, replace: Span, documentation?: string): Suggestion => ({
  label: text,
  kind: 'value',
  replace,
  insert: text,
  ...maybe('documentation', documentation),
});
