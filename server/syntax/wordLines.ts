import type { Lines } from '../text/lines.ts';
import { type Position, type Span, span, type Token, token } from '../text/span.ts';

/**
 * One line as a reader with `\` continuation sees it: one or more lines of the file, joined, without the backslashes. It
 * does not know where it stands, so it serves every version of the file that has these lines.
 */
export interface JoinedLine {
  readonly text: string;
  /** Stretches of `text` that stand together in the file, in order; there is at least one. */
  readonly pieces: readonly Piece[];
  /** How many lines of the file belong to it. */
  readonly height: number;
  /** The file ends with a backslash that nothing follows. */
  readonly dangling: boolean;
}

/** The same at its place. Tokens of it count in `text`; `spanIn` tells where they stand in the file. */
export interface LogicalLine extends JoinedLine {
  /** First and last line of the file that belong to it, from 0. */
  readonly from: number;
  readonly to: number;
}

/** `text` from `offset` on (up to the next piece) stands in the file at this place; lines count from the first one. */
export interface Piece extends Position {
  readonly offset: number;
}

/**
 * Joins a line that ends in a backslash with the lines after it. Any other backslash goes, and the character behind it
 * stays: `\\` is one backslash.
 */
export function joinFrom(lines: Lines, from: number): JoinedLine {
  const first = lines[from] as string;
  if (!first.includes('\\')) return { text: first, pieces: onePiece, height: 1, dangling: false };
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let offset = 0;
  for (let line = from; ; line++) {
    const raw = lines[line] as string;
    const stretches = keptStretches(raw);
    for (const { start, end } of stretches.kept) {
      pieces.push({ offset, line: line - from, column: start });
      parts.push(raw.slice(start, end));
      offset += end - start;
    }
    const isLast = line === lines.length - 1;
    if (!stretches.continues || isLast) {
      return { text: parts.join(''), pieces, height: line - from + 1, dangling: stretches.continues };
    }
  }
}

/** Most lines of a file. */
const onePiece: readonly Piece[] = [{ offset: 0, line: 0, column: 0 }];

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
  return { line: line.from + piece.line, column: piece.column + offset - piece.offset };
}

/** The offset in a logical line of a place in the file; the nearest one where the place is a backslash. */
export function offsetIn(line: LogicalLine, at: Position): number {
  const row = at.line - line.from;
  let found = 0;
  line.pieces.forEach((piece, index) => {
    if (piece.line > row || (piece.line === row && piece.column > at.column)) return;
    const end = line.pieces[index + 1]?.offset ?? line.text.length;
    const into = piece.line === row ? at.column - piece.column : end - piece.offset;
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
