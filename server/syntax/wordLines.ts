import type { Lines } from '../text/lines.ts';
import { type Position, type Span, span, type Token, token } from '../text/span.ts';

/**
 * One line as a reader with `\` continuation sees it: one or more lines of the file, joined, without the backslashes.
 * Tokens of it count in `text`; `spanIn` tells where they stand in the file.
 */
export interface LogicalLine {
  /** First and last line of the file that belong to it, from 0. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Stretches of `text` that stand together in the file, in order; there is at least one. */
  readonly pieces: readonly Piece[];
  /** The file ends with a backslash that nothing follows. */
  readonly dangling: boolean;
}

/** `text` from `offset` on (up to the next piece) stands in the file at this place. */
export interface Piece extends Position {
  readonly offset: number;
}

/**
 * Joins lines that end in a backslash with the line after them. Any other backslash goes, and the character behind it
 * stays: `\\` is one backslash. Every line of the file belongs to exactly one logical line, in order.
 */
export function joinLines(lines: Lines): readonly LogicalLine[] {
  const joined: LogicalLine[] = [];
  for (let at = 0; at < lines.length; ) {
    const next = (lines[at] as string).includes('\\') ? joinFrom(lines, at) : plainLine(lines[at] as string, at);
    joined.push(next);
    at = next.to + 1;
  }
  return joined;
}

/** A line of the file as it is, for readers without continuation. */
export const plainLine = (text: string, line: number): LogicalLine => ({
  from: line,
  to: line,
  text,
  pieces: [{ offset: 0, line, column: 0 }],
  dangling: false,
});

function joinFrom(lines: Lines, from: number): LogicalLine {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let offset = 0;
  for (let line = from; ; line++) {
    const raw = lines[line] as string;
    const stretches = keptStretches(raw);
    for (const { start, end } of stretches.kept) {
      pieces.push({ offset, line, column: start });
      parts.push(raw.slice(start, end));
      offset += end - start;
    }
    const isLast = line === lines.length - 1;
    if (!stretches.continues || isLast) {
      return { from, to: line, text: parts.join(''), pieces, dangling: stretches.continues };
    }
  }
}

/** What stays of a line of the file; always at least one stretch, which may be empty. */
function keptStretches(raw: string): { kept: { start: number; end: number }[]; continues: boolean } {
  const kept: { start: number; end: number }[] = [];
  let start = 0;
  for (let at = raw.indexOf('\\'); at !== -1; at = raw.indexOf('\\', at + 2)) {
    kept.push({ start, end: at });
    start = at + 1;
  }
  if (start < raw.length || kept.length === 0) kept.push({ start, end: raw.length });
  return { kept, continues: start > 0 && start === raw.length };
}

/** The words between blanks; which characters are blanks is the reader's business. */
export function wordsOf(
  text: string,
  isBlank: (code: number) => boolean,
  from = 0,
  to = text.length,
): readonly Token[] {
  const words: Token[] = [];
  for (let at = from; at < to; ) {
    while (at < to && isBlank(text.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isBlank(text.charCodeAt(at))) at++;
    if (at > start) words.push(token(text, start, at));
  }
  return words;
}

/** Space and tab: what separates words for most readers of such files. */
export const isSpaceOrTab = (code: number): boolean => code === 0x20 || code === 0x09;

/** Where a token of a logical line stands in the file. */
export function spanIn(line: LogicalLine, where: Pick<Token, 'start' | 'end'>): Span {
  const from = positionIn(line, where.start);
  if (where.end === where.start) return span(from.line, from.column, from.column);
  const last = positionIn(line, where.end - 1);
  return { line: from.line, start: from.column, endLine: last.line, end: last.column + 1 };
}

/** The whole of it, from the first character of its first line to the end of its last one. */
export const wholeOf = (lines: Lines, line: LogicalLine): Span => ({
  line: line.from,
  start: 0,
  endLine: line.to,
  end: lines[line.to]?.length ?? 0,
});

/** The place in the file of an offset in a logical line. */
export function positionIn(line: LogicalLine, offset: number): Position {
  const piece = pieceAt(line.pieces, offset);
  return { line: piece.line, column: piece.column + offset - piece.offset };
}

/** The offset in a logical line of a place in the file; the nearest one where the place is a backslash. */
export function offsetIn(line: LogicalLine, at: Position): number {
  let found = 0;
  line.pieces.forEach((piece, index) => {
    if (piece.line > at.line || (piece.line === at.line && piece.column > at.column)) return;
    const end = line.pieces[index + 1]?.offset ?? line.text.length;
    const into = piece.line === at.line ? at.column - piece.column : end - piece.offset;
    found = Math.min(piece.offset + into, end);
  });
  return found;
}

/** The last piece that starts at or before the offset. */
function pieceAt(pieces: readonly Piece[], offset: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle] as Piece).offset <= offset) low = middle;
    else high = middle - 1;
  }
  return pieces[low] as Piece;
}
