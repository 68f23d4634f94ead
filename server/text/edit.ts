import { type Lines, replace } from './lines.ts';
import { compareSpans, type Position, type Span, span } from './span.ts';

/** Replaces one stretch of a text. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Edits in one file, which need not be the file a finding is in. */
export interface FileEdit extends Edit {
  readonly uri: string;
}

/** The lines after all edits; they refer to the lines as given and must not overlap. */
export const applyEdits = (lines: Lines, edits: readonly Edit[]): Lines =>
  [...edits]
    .sort((a, b) => compareSpans(b.span, a.span))
    .reduce((text, edit) => replace(text, edit.span, edit.text), lines);

export const insertAt = (at: Position, text: string): Edit => ({ span: span(at.line, at.column, at.column), text });

/** Removes a whole line together with its line feed. */
export function deleteLine(lines: Lines, line: number): Edit {
  const isLast = line === lines.length - 1;
  if (!isLast) return { span: { line, start: 0, endLine: line + 1, end: 0 }, text: '' };
  if (line === 0) return { span: span(0, 0, lines[0]?.length ?? 0), text: '' };
  const before = lines[line - 1]?.length ?? 0;
  return { span: { line: line - 1, start: before, endLine: line, end: lines[line]?.length ?? 0 }, text: '' };
}

/** Puts a new line before the given one; `line === lines.length` appends to the text. */
export function insertLine(lines: Lines, line: number, text: string): Edit {
  if (line < lines.length) return insertAt({ line, column: 0 }, `${text}\n`);
  const last = lines.length - 1;
  const end = lines[last]?.length ?? 0;
  return insertAt({ line: last, column: end }, end === 0 ? `${text}\n` : `\n${text}`);
}
