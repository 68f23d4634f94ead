import { toLines } from '../../server/text/lines.ts';
import type { Position, Span } from '../../server/text/span.ts';

/** A text with marks in it: `¦` is the cursor, `«…»` a stretch. The marks are gone from `text`. */
export interface Marked {
  readonly text: string;
  readonly cursor: Position | undefined;
  readonly spans: readonly Span[];
}

export function readMarks(marked: string): Marked {
  let line = 0;
  let column = 0;
  let text = '';
  let cursor: Position | undefined;
  const open: Position[] = [];
  const spans: Span[] = [];
  for (const char of marked) {
    if (char === '¦') cursor = { line, column };
    else if (char === '«') open.push({ line, column });
    else if (char === '»') {
      const from = open.pop();
      if (!from) throw new Error(`» without « in ${marked}`);
      spans.push({ line: from.line, start: from.column, endLine: line, end: column });
    } else {
      text += char;
      column += char.length;
      if (char === '\n') {
        line++;
        column = 0;
      }
    }
  }
  if (open.length > 0) throw new Error(`« without » in ${marked}`);
  return { text, cursor, spans: spans.sort((a, b) => a.line - b.line || a.start - b.start) };
}

/** Puts `«…»` around stretches, for readable failures. */
export function writeMarks(text: string, spans: readonly Span[]): string {
  const lines = toLines(text).map(line => [...line.split('')]);
  const at = (line: number, column: number, mark: string, before: boolean): void => {
    const row = lines[line];
    if (!row) return;
    if (column >= row.length) row.push(mark);
    else row[column] = before ? mark + row[column] : `${mark}${row[column]}`;
  };
  for (const where of [...spans].sort((a, b) => b.line - a.line || b.start - a.start)) {
    at(where.endLine, where.end, '»', false);
    at(where.line, where.start, '«', true);
  }
  return lines.map(row => row.join('')).join('\n');
}
