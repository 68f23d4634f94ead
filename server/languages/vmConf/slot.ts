import { type Part, parsePropertyString } from '../../syntax/propertyString.ts';
import { visibleLength } from '../../text/lines.ts';
import type { Position, Token } from '../../text/span.ts';
import { type FoundOption, type OptionSchema, optionOf, own, type SubSchema } from './schema.ts';
import { partsOf, type Section, sectionAt, type VmConf, type VmLine } from './tree.ts';

/** What stands, or could be written, at a place. Tokens are what a completion there replaces. */
export type Slot = KeySlot | HeaderSlot | ScalarSlot | PartSlot;

export interface KeySlot {
  readonly kind: 'key';
  readonly section: Section;
  readonly line: number;
  readonly token: Token;
  /** A colon stands behind the key already. */
  readonly hasValue: boolean;
}

/** A line that starts with `[`. */
export interface HeaderSlot {
  readonly kind: 'header';
  readonly section: Section;
  readonly line: number;
  readonly token: Token;
}

/** A value as a whole. Zero-width at the cursor where there is none yet. */
export interface ScalarSlot {
  readonly kind: 'scalar';
  readonly section: Section;
  readonly line: number;
  readonly key: string;
  /** Absent for `delete`, `parent` of unknown sections and the like. */
  readonly option: FoundOption | undefined;
  readonly token: Token;
  /** The value starts right behind the colon, so that what is inserted needs a blank before it. */
  readonly needsBlank: boolean;
}

/** A part of a property string. */
export interface PartSlot {
  readonly kind: 'part';
  readonly section: Section;
  readonly line: number;
  readonly key: string;
  readonly option: FoundOption;
  readonly parts: readonly Part[];
  readonly part: Part;
  /** Whether the cursor is before the `=`, behind it, or in a part that has none and may become either. */
  readonly on: 'key' | 'value' | 'either';
  readonly token: Token;
  readonly needsBlank: boolean;
}

/** What can be written at a place; `undefined` in comments, in unknown sections and behind complete values. */
export function slotAt(tree: VmConf, at: Position): Slot | undefined {
  const node = tree.nodes[at.line];
  const text = tree.lines[at.line];
  if (!node || text === undefined || at.column > visibleLength(text)) return undefined;
  const section = sectionAt(tree, at.line);
  if (text.startsWith('[')) return headerSlot(section, text, at);
  if (section.kind === 'unknown' || node.kind === 'comment') return undefined;
  if (node.key.end === 0) return newKey(section, text, at);
  if (at.column < node.key.start) return undefined;
  if (at.column <= node.key.end) return keySlot(section, at.line, node.key, true);
  return valueSlot(section, node, text, at);
}

/** The sub-property that a part sets, by the schema: its own key, or the default key of a part without `=`. */
export function subOfPart(
  schema: OptionSchema,
  part: Part,
): { readonly name: string; readonly schema: SubSchema } | undefined {
  const name = part.hasEquals ? part.key.text : schema.defaultKey;
  const sub = name === undefined ? undefined : own(schema.properties ?? {}, name);
  return name !== undefined && sub ? { name, schema: sub } : undefined;
}

/** The name under which a sub-property is stored, and its schema: aliases are followed. */
export function storedSub(
  schema: OptionSchema,
  name: string,
): { readonly name: string; readonly schema: SubSchema } | undefined {
  const sub = own(schema.properties ?? {}, name);
  if (!sub) return undefined;
  if (sub.alias === undefined) return { name, schema: sub };
  const target = own(schema.properties ?? {}, sub.alias);
  return target && { name: sub.alias, schema: target };
}

/** The item of a list around a column; items are separated by the given characters. */
export function itemAt(value: Token, column: number, separators: RegExp): Token {
  let start = column - value.start;
  let end = start;
  while (start > 0 && !separators.test(value.text[start - 1] as string)) start--;
  while (end < value.text.length && !separators.test(value.text[end] as string)) end++;
  return { text: value.text.slice(start, end), start: value.start + start, end: value.start + end };
}

function headerSlot(section: Section, text: string, at: Position): HeaderSlot {
  return { kind: 'header', section, line: at.line, token: { text, start: 0, end: visibleLength(text) } };
}

/** A line without a key yet: nothing but blanks, or the start of a word. Keys stand at the start of a line. */
function newKey(section: Section, text: string, at: Position): KeySlot | undefined {
  const end = /^[ \t]*[A-Za-z0-9_-]*/.exec(text)?.[0].length ?? 0;
  if (at.column > end) return undefined;
  return keySlot(section, at.line, { text: text.slice(0, end), start: 0, end }, false);
}

const keySlot = (section: Section, line: number, token: Token, hasValue: boolean): KeySlot => ({
  kind: 'key',
  section,
  line,
  token,
  hasValue,
});

function valueSlot(section: Section, node: VmLine, text: string, at: Position): Slot | undefined {
  const key = node.key.text;
  const value = valueAt(node, text, at.column);
  if (!value || node.kind === 'args' || node.kind === 'description') return undefined;
  const option = optionOf(key);
  const needsBlank = text[value.start - 1] === ':';
  if (!option?.schema.properties) {
    return { kind: 'scalar', section, line: at.line, key, option, token: value, needsBlank };
  }
  const parts = value === node.value ? partsOf(node) : partsUpTo(value);
  const part = parts.find(one => at.column >= one.whole.start && at.column <= one.whole.end);
  if (!part) return undefined;
  const on = !part.hasEquals ? 'either' : at.column <= part.key.end ? 'key' : 'value';
  const token = on === 'key' ? part.key : on === 'value' ? part.value : part.whole;
  return { kind: 'part', section, line: at.line, key, option, parts, part, on, token, needsBlank };
}

/**
 * The value as the cursor sees it: zero-width at the cursor where there is none; with the blanks before the cursor where
 * a separator stands before them, so that `a=1, ¦` offers what can follow.
 */
function valueAt(node: VmLine, text: string, column: number): Token | undefined {
  const { value } = node;
  if (value.text.trim() === '') return { text: '', start: column, end: column };
  if (column < value.start) return undefined;
  if (column <= value.end) return value;
  if (!/[,;=]$/.test(value.text)) return undefined;
  return { text: text.slice(value.start, column), start: value.start, end: column };
}

/** The parts of a value that reaches further than the line's own, the blanks of the last one dropped from its text. */
function partsUpTo(value: Token): readonly Part[] {
  const parts = parsePropertyString(value);
  const last = parts[parts.length - 1];
  return last && last.whole.text.trim() === '' ? [...parts.slice(0, -1), emptied(last)] : parts;
}

const emptied = ({ key, hasEquals, value, whole }: Part): Part => ({
  key,
  hasEquals,
  value: { ...value, text: '' },
  whole: { ...whole, text: '' },
});
