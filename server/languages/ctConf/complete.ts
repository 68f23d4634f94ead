import { visibleLength } from '../../text/lines.ts';
import { type Position, type Token, token } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import type { Target } from '../vmConf/suggest.ts';
import { headerKeys, optionKeys, rawKeyNames } from './completeKey.ts';
import { rawValues } from './completeRaw.ts';
import { deletableKeys, partSuggestions, scalarSuggestions } from './completeValue.ts';
import { ctOption } from './options.ts';
import { type CtConf, type CtLine, sectionAt } from './tree.ts';

/** What to offer at a place of a container's configuration. */
export function completeCtConf(file: SourceFile<CtConf>, at: Position, around: Surroundings): readonly Suggestion[] {
  const { tree } = file;
  const node = tree.nodes[at.line];
  const line = tree.lines[at.line];
  if (!node || line === undefined || node.kind === 'comment' || at.column > visibleLength(line)) return [];
  if (line.startsWith('[')) return headerKeys(tree, { line: at.line, token: token(line, 0, visibleLength(line)) });
  const colon = endOfSeparator(node, line);
  if (colon === undefined || at.column < colon) return keysAt(file, node, at, around, colon !== undefined);
  return valuesAt(file, node, valueTarget(node, line, at, colon), at, around);
}

/** The column behind the `:` or `=`; `undefined` where the line has none yet. */
function endOfSeparator(node: CtLine, line: string): number | undefined {
  if (node.key.end === 0 || node.kind === 'snapstate') return undefined;
  const separator = /^[ \t]*[:=]/.exec(line.slice(node.key.end));
  return separator ? node.key.end + separator[0].length : undefined;
}

function keysAt(
  file: SourceFile<CtConf>,
  node: CtLine,
  at: Position,
  around: Surroundings,
  hasValue: boolean,
): readonly Suggestion[] {
  const line = file.tree.lines[at.line] ?? '';
  const typed = /^[a-zA-Z0-9._-]*/.exec(line)?.[0].length ?? 0;
  if (at.column > typed) return [];
  const target: Target = { line: at.line, token: node.key.end > 0 ? node.key : token(line, 0, typed) };
  const section = sectionAt(file.tree, at.line);
  return [
    ...optionKeys(file.tree, section, target, around, hasValue),
    ...rawKeyNames(target, around, hasValue),
    ...(line === '' ? headerKeys(file.tree, target) : []),
  ];
}

/** The value at the cursor; zero-width there where only blanks stand behind the separator. */
function valueTarget(node: CtLine, line: string, at: Position, colon: number): Target {
  const hasText = node.value.text.trim() !== '';
  const value: Token = hasText ? node.value : token(line, at.column, at.column);
  return { line: at.line, token: value, needsBlank: value.start === colon };
}

function valuesAt(
  file: SourceFile<CtConf>,
  node: CtLine,
  target: Target,
  at: Position,
  around: Surroundings,
): readonly Suggestion[] {
  const { start, end } = target.token;
  if (at.column < start || at.column > end) return [];
  const key = node.key.text;
  if (node.kind === 'raw') return rawValues(key, target, around);
  if (key === 'delete') return deletableKeys(file.tree, target, at.column);
  const option = ctOption(key);
  if (!option) return [];
  const request = { file, option, target, around, key };
  return option.schema.properties ? partSuggestions(request, at.column) : scalarSuggestions(request);
}
