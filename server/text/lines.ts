import type { Position, Span } from './span.ts';

/**
 * A text as its lines, without the line feeds. A carriage return stays at the end of its line, as the parsers of the
 * host see it. There is always at least one line; a text that ends in a line feed has an empty last one.
 * Unchanged lines keep their identity across versions, so that what was parsed of them can be kept too.
 */
export type Lines = readonly string[];

export const toLines = (text: string): Lines => text.split('\n');

export const fromLines = (lines: Lines): string => lines.join('\n');

/** The text of a span; line feeds between lines. */
export function textOf(lines: Lines, where: Span): string {
  if (where.line === where.endLine) return (lines[where.line] ?? '').slice(where.start, where.end);
  const middle = lines.slice(where.line + 1, where.endLine);
  return [
    (lines[where.line] ?? '').slice(where.start),
    ...middle,
    (lines[where.endLine] ?? '').slice(0, where.end),
  ].join('\n');
}

/** The lines after one replacement. Positions beyond the text are moved to its end. */
export function replace(lines: Lines, where: Span, text: string): Lines {
  const last = lines.length - 1;
  const from = Math.min(where.line, last);
  const to = Math.min(where.endLine, last);
  const head = (lines[from] ?? '').slice(0, where.line > last ? undefined : where.start);
  const tail = (lines[to] ?? '').slice(where.endLine > last ? (lines[to] ?? '').length : where.end);
  const fresh = toLines(head + text + tail);
  if (fresh.length === 1 && from === to) {
    const copy = lines.slice();
    copy[from] = fresh[0] as string;
    return copy;
  }
  return [...lines.slice(0, from), ...fresh, ...lines.slice(to + 1)];
}

/** How many lines at the start and at the end are the same in both. They never overlap. */
export function commonEnds(before: Lines, after: Lines): { readonly head: number; readonly tail: number } {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { head, tail };
}

/** The end of the text. */
export const endOf = (lines: Lines): Position => ({
  line: lines.length - 1,
  column: lines[lines.length - 1]?.length ?? 0,
});

/** Length of a line without a carriage return at its end: where an editor lets the cursor go. */
export const visibleLength = (line: string): number => (line.endsWith('\r') ? line.length - 1 : line.length);
