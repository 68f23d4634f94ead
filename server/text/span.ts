/**
 * Where something stands in a text: lines and columns from 0, columns in UTF-16 code units, end exclusive.
 * Lines and columns rather than offsets, because one keystroke then leaves the spans of all other lines as they are,
 * and a parsed line can be kept.
 */
export interface Span {
  readonly line: number;
  readonly start: number;
  readonly endLine: number;
  readonly end: number;
}

/** A place between two characters; line and column from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A word of one line with its columns. The line number is the owner's. Zero-width where something is missing. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export const span = (line: number, start: number, end: number): Span => ({ line, start, endLine: line, end });

export const tokenSpan = (line: number, token: Token): Span => span(line, token.start, token.end);

export const token = (line: string, start: number, end: number): Token => ({
  text: line.slice(start, end),
  start,
  end,
});

/** True where the position lies in the span or touches one of its ends. */
export function touches(where: Span, at: Position): boolean {
  if (at.line < where.line || at.line > where.endLine) return false;
  if (at.line === where.line && at.column < where.start) return false;
  return at.line !== where.endLine || at.column <= where.end;
}

export const tokenTouches = (token: Token, column: number): boolean => column >= token.start && column <= token.end;

/** By place: line first, then column. */
export const compareSpans = (a: Span, b: Span): number =>
  a.line - b.line || a.start - b.start || a.endLine - b.endLine || a.end - b.end;
