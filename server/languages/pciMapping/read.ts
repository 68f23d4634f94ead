import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import { Memo } from '../../text/memo.ts';
import type { Token } from '../../text/span.ts';
import { boolean } from '../../values/boolean.ts';
import { configId } from '../../values/names.ts';
import type { Reason, ReasonCode } from '../vmConf/read.ts';
import { readProperties } from '../vmConf/readProperties.ts';
import { type MapEntry, type MappingKind, mapEntries, type Property, propertiesOf } from './config.ts';
import { type MappingProperty, propertySchema } from './schema.ts';
import { mapValueKind } from './values.ts';

/** Why the reader ignores a line or drops a section; beside these there are the reasons that every property string has. */
export type ProblemCode =
  /** A line outside of every section, or one without indentation inside. */
  | 'ignored-line'
  /** A header before the empty line that should end the section above. */
  | 'header-in-section'
  /** Only blanks: ignored, and it does not end a section. */
  | 'blank-line'
  | 'section-id'
  | 'duplicate-key'
  | 'no-value'
  | 'missing-map'
  | ReasonCode;

export interface Problem extends Omit<Reason, 'code'> {
  readonly code: ProblemCode;
  readonly line: number;
  /** The section that it is in; `undefined` outside of all. */
  readonly section: ConfigSection | undefined;
}

/**
 * Everything that Proxmox's reader complains about, in the order of the lines. A section whose id is refused is skipped
 * whole, so nothing inside it is judged.
 * Source: pve-common 9.2.1, PVE/SectionConfig.pm parse_config, check_value and check_config.
 */
export function readMappings(tree: SectionConfig, kind: MappingKind): readonly Problem[] {
  const known = byTree.get(tree);
  if (known?.kind === kind) return known.problems;
  const problems = [...outsideLines(tree), ...tree.sections.flatMap(section => [...readSection(tree, section, kind)])];
  problems.sort((a, b) => a.line - b.line || a.token.start - b.token.start);
  byTree.set(tree, { kind, problems });
  return problems;
}

/** The problems of some kinds. */
export function* problemsWith(
  tree: SectionConfig,
  kind: MappingKind,
  ...codes: readonly ProblemCode[]
): Generator<Problem> {
  for (const problem of readMappings(tree, kind)) if (codes.includes(problem.code)) yield problem;
}

/** The `map` lines of a section that the reader stores: none of one that it skips. */
export function* storedEntries(tree: SectionConfig, section: ConfigSection, kind: MappingKind): Generator<MapEntry> {
  const problems = readMappings(tree, kind).filter(problem => problem.section === section);
  if (problems.some(({ code }) => code === 'section-id')) return;
  const refused = new Set(problems.map(({ line }) => line));
  for (const entry of mapEntries(tree, section)) if (!refused.has(entry.line)) yield entry;
}

/** True where the reader stores the section: its id is valid and at least one `map` line is. */
export const isStored = (tree: SectionConfig, section: ConfigSection, kind: MappingKind): boolean =>
  !readMappings(tree, kind).some(
    problem => problem.section === section && (problem.code === 'section-id' || problem.code === 'missing-map'),
  );

const byTree = new WeakMap<SectionConfig, { readonly kind: MappingKind; readonly problems: readonly Problem[] }>();

function* outsideLines(tree: SectionConfig): Generator<Problem> {
  let next = 0;
  for (const section of [...tree.sections, undefined]) {
    for (let line = next; line < (section?.header ?? tree.nodes.length); line++) {
      const problem = ignoredLine(tree, line, undefined);
      if (problem) yield problem;
    }
    if (section) next = section.to;
  }
}

/** A line that is neither a header in its place nor a property. A lone `0` ends a section like an empty line. */
function ignoredLine(tree: SectionConfig, line: number, section: ConfigSection | undefined): Problem | undefined {
  const shape = tree.nodes[line]?.shape;
  const text = tree.lines[line] ?? '';
  if (shape === undefined || shape === 'empty' || shape === 'comment' || text === '0') return undefined;
  if (shape === 'blank') return { code: 'blank-line', line, section, token: { text, start: 0, end: text.length } };
  const code = section && shape === 'header' ? 'header-in-section' : 'ignored-line';
  return { code, line, section, token: trimmed(text) };
}

function* readSection(tree: SectionConfig, section: ConfigSection, kind: MappingKind): Generator<Problem> {
  const fault = configId.check(section.id.text);
  if (fault !== undefined) return yield { code: 'section-id', line: section.header, section, token: section.id, fault };
  for (let line = section.from; line < section.to; line++) {
    const problem = tree.nodes[line]?.shape === 'property' ? undefined : ignoredLine(tree, line, section);
    if (problem) yield problem;
  }
  const stored = new Set<string>();
  for (const property of propertiesOf(tree, section)) {
    const reasons = readProperty(property, kind, stored);
    if (reasons.length === 0) stored.add(property.key.text);
    for (const reason of reasons) yield { ...reason, line: property.line, section };
  }
  if (!stored.has('map')) yield { code: 'missing-map', line: section.header, section, token: section.id };
}

type PropertyReason = Omit<Problem, 'line' | 'section'>;

function readProperty(property: Property, kind: MappingKind, stored: ReadonlySet<string>): readonly PropertyReason[] {
  const { key, value } = property;
  const schema = propertySchema(kind, key.text);
  // The reader writes no type, and takes one that repeats what the file is for.
  if (!schema) return key.text === 'type' && value.text === kind ? [] : [{ code: 'unknown-key', token: key }];
  if (!schema.repeatable && stored.has(key.text)) return [{ code: 'duplicate-key', token: key }];
  if (value.text === '') return schema.type === 'boolean' ? [] : [{ code: 'no-value', token: key }];
  if (value.text.includes('\r')) return [{ code: 'line-feed', token: value }];
  return schema.properties ? readMap(property, schema, kind) : checkScalar(value, schema);
}

/** Unlike in a guest's configuration, a boolean is 1 or 0 here and no word. */
function checkScalar(value: Token, schema: MappingProperty): readonly PropertyReason[] {
  if (schema.type === 'boolean' && value.text !== '0' && value.text !== '1') {
    const mended = boolean.mend?.(value.text);
    return [{ code: 'value', token: value, fault: 'is neither 1 nor 0', ...(mended === undefined ? {} : { mended }) }];
  }
  if (schema.maxLength === undefined || byteLength(value.text) <= schema.maxLength) return [];
  return [{ code: 'value', token: value, fault: `is longer than ${schema.maxLength} characters` }];
}

function readMap({ key, value }: Property, schema: MappingProperty, kind: MappingKind): readonly PropertyReason[] {
  return readProperties({ kind: 'entry', key, value, memo: new Memo() }, 'map', schema).map(reason =>
    inWords(reason, kind),
  );
}

/** Where the schema is only a pattern, says what is wrong in words, and what was meant. */
function inWords(reason: Reason, kind: MappingKind): PropertyReason {
  const words = reason.code === 'sub-value' && reason.sub !== undefined ? mapValueKind(kind, reason.sub) : undefined;
  const fault = words?.check(reason.token.text);
  if (!words || fault === undefined) return reason;
  const mended = words.mend?.(reason.token.text);
  const isBetter = mended !== undefined && words.check(mended) === undefined;
  return { ...reason, fault, ...(isBetter ? { mended } : {}) };
}

/** Length in UTF-8, as the reader counts. */
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Without the blanks around it. */
function trimmed(text: string): Token {
  const bare = text.trim();
  const start = bare === '' ? 0 : text.indexOf(bare);
  return { text: bare, start, end: start + bare.length };
}
