import type { Edit } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import type { Quoting, WrittenCommandLine } from './tree.ts';

/** Text as it must be written to reach the kernel unchanged; `undefined` where that is not possible in this quoting. */
export function quoted(text: string, quoting: Quoting): string | undefined {
  if (/[\n\r\0]/.test(text)) return undefined;
  if (quoting === 'plain') return text;
  if (quoting === '"') return text.replace(/[\\$`"]/g, '\\$&');
  if (quoting === "'") return text.includes("'") ? undefined : text;
  return /^[A-Za-z0-9_@%+=:,./-]*$/.test(text) ? text : undefined;
}

/** An edit that adds words at the end of a command line; `undefined` where that takes more than an insertion. */
export function appendWords(line: WrittenCommandLine, words: readonly string[]): Edit | undefined {
  if (line.quoting === undefined || words.length === 0) return undefined;
  const inside: Quoting = line.quoting === 'none' ? '"' : line.quoting;
  const texts = words.map(word => quoted(word, inside));
  if (texts.some(text => text === undefined)) return undefined;
  const last = line.parameters.at(-1);
  if (line.quoting === 'none') return quoteAround(line, texts as string[]);
  if (line.initArguments.length > 0) {
    const end = line.initArguments[0]!.span;
    return { span: span(end.line, end.start, end.start), text: `${texts.join(' ')} ` };
  }
  if (!last) return { span: line.span, text: texts.join(' ') };
  const at = last.whole.span;
  return { span: span(at.endLine, at.end, at.end), text: ` ${texts.join(' ')}` };
}

/** A value without quotes has one word at most; with a second one it needs quotes around both. */
function quoteAround(line: WrittenCommandLine, texts: readonly string[]): Edit | undefined {
  const first = line.parameters[0];
  if (!first) return { span: line.span, text: `"${texts.join(' ')}"` };
  const before = first.whole.text;
  return line.parameters.length === 1 && quoted(before, 'none') !== undefined
    ? { span: line.span, text: `"${[before, ...texts].join(' ')}"` }
    : undefined;
}
