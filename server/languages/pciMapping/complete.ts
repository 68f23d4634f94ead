import type { Part } from '../../syntax/propertyString.ts';
import { type ConfigSection, type SectionConfig, sectionAt } from '../../syntax/sectionConfig.ts';
import { visibleLength } from '../../text/lines.ts';
import { type Position, type Span, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { maybe } from '../vmConf/suggest.ts';
import { deviceEntries, restOfEntry, subValues } from './completeDevice.ts';
import { kindOf, type MapEntry, type MappingKind, propertiesOf, readMapEntry } from './config.ts';
import { docOf } from './docs.ts';
import { mappingSchemas, propertySchema } from './schema.ts';

type File = SourceFile<SectionConfig>;

/** What to offer at a place of a mapping file. */
export function completeMapping(file: File, at: Position, around: Surroundings): readonly Suggestion[] {
  const { tree } = file;
  const node = tree.nodes[at.line];
  const kind = kindOf(file);
  if (!node || node.shape === 'comment') return [];
  const section = sectionAt(tree, at.line) ?? (node.shape === 'empty' ? sectionAt(tree, at.line - 1) : undefined);
  const isHeader = section?.header === at.line;
  if (!section || isHeader) return newSections(file, at, around);
  if (node.shape !== 'property') return [...keys(file, section, at), ...newSections(file, at, around)];
  const property = { line: at.line, key: node.key, value: node.value };
  if (at.column <= node.key.end) return keys(file, section, at);
  if (node.key.text !== 'map')
    return scalarValues(kind, node.key.text, span(at.line, node.value.start, node.value.end), at);
  return mapSuggestions(readMapEntry(property), at, kind, around);
}

/** Keys that the section lacks, indented; `map` may stand more than once. */
function keys(file: File, section: ConfigSection, at: Position): readonly Suggestion[] {
  const { line, word, indent, hasValue } = wordAt(file, at);
  const others = [...propertiesOf(file.tree, section)].filter(one => one.line !== at.line);
  const taken = new Set(others.map(({ key }) => key.text));
  const kind = kindOf(file);
  return Object.entries(mappingSchemas[kind].properties)
    .filter(([key, schema]) => schema.repeatable || !taken.has(key))
    .map(([key, schema]) => {
      const isFlag = schema.type === 'boolean';
      return {
        label: key,
        kind: 'key',
        replace: span(line, word.start, word.end),
        insert: indent + key + (hasValue ? '' : isFlag ? ' 1' : ' '),
        sort: schema.repeatable ? `0${key}` : `1${key}`,
        again: !hasValue && !isFlag,
        ...maybe('documentation', docOf(kind, key, false)),
      };
    });
}

/** The key at the cursor, and the tab that it lacks where it starts its line. */
function wordAt(file: File, { line, column }: Position) {
  const node = file.tree.nodes[line];
  const text = file.lines[line] ?? '';
  const start = Math.min(column, /^[ \t]*/.exec(text)?.[0].length ?? 0);
  const end = node?.shape === 'property' ? node.key.end : Math.max(column, visibleLength(text));
  const hasValue = node !== undefined && node.value.end > node.value.start;
  return { line, word: { start, end }, indent: start === 0 ? '\t' : '', hasValue };
}

function scalarValues(kind: MappingKind, key: string, where: Span, at: Position): readonly Suggestion[] {
  if (propertySchema(kind, key)?.type !== 'boolean') return [];
  const replace = where.start <= at.column && at.column <= where.end ? where : span(at.line, at.column, at.column);
  return ['1', '0'].map(text => ({
    label: text,
    kind: 'value',
    replace,
    insert: text,
    detail: text === '1' ? 'on' : 'off',
  }));
}

function mapSuggestions(entry: MapEntry, at: Position, kind: MappingKind, around: Surroundings): readonly Suggestion[] {
  const part = entry.parts.find(({ whole }) => tokenTouches(whole, at.column));
  // Blanks after the value belong to nothing.
  if (!part) return [];
  if (part.hasEquals && at.column >= part.value.start) return subValues(entry, part, at, kind, around);
  const replace = part.hasEquals ? tokenSpan(entry.line, part.key) : tokenSpan(entry.line, part.whole);
  return [...wholeEntries(entry, part, replace, kind, around), ...subKeys(entry, part, replace, kind)];
}

function wholeEntries(
  entry: MapEntry,
  part: Part,
  replace: Span,
  kind: MappingKind,
  around: Surroundings,
): readonly Suggestion[] {
  if (kind !== 'pci' || part.hasEquals) return [];
  return entry.parts.length === 1 ? deviceEntries(around, replace) : restOfEntry(entry, around, replace);
}

/** Sub-properties that the line lacks. */
function subKeys(entry: MapEntry, part: Part, replace: Span, kind: MappingKind): readonly Suggestion[] {
  const taken = new Set(entry.parts.filter(other => other !== part).map(({ key }) => key.text));
  return Object.entries(propertySchema(kind, 'map')?.properties ?? {})
    .filter(([key]) => !taken.has(key))
    .map(([key, schema], index) => ({
      label: key,
      kind: 'property',
      replace,
      insert: part.hasEquals ? key : `${key}=`,
      sort: `1${index}`,
      ...(schema.required ? { detail: 'needed' } : {}),
      again: !part.hasEquals,
      ...maybe('documentation', docOf(kind, key, true)),
    }));
}

/** Where a section can start: a whole one for each device, and an empty one. */
function newSections(file: File, at: Position, around: Surroundings): readonly Suggestion[] {
  const line = (file.lines[at.line] ?? '').replace(/\r$/, '');
  if (/[ \t]/.test(line) || file.tree.nodes[at.line]?.shape === 'blank') return [];
  const kind = kindOf(file);
  const replace = span(at.line, 0, line.length);
  const before = at.line > 0 && file.lines[at.line - 1] !== '' ? '\n' : '';
  const blank: Suggestion = {
    label: 'new mapping',
    kind: 'snippet',
    replace,
    insert: `${before}\${1:name}\n\tmap $0`,
    snippet: true,
    sort: '8',
    again: true,
  };
  if (kind !== 'pci') return [blank];
  const devices = deviceEntries(around, replace).map(one => ({
    ...one,
    kind: 'section' as const,
    insert: `${before}\${1:name}\n\tmap ${one.insert}`,
    snippet: true,
    sort: `9${one.sort}`,
  }));
  return [blank, ...devices];
}
