import type { Lines } from '../text/lines.ts';
import { type Position, type Span, span, touches } from '../text/span.ts';

/**
 * A stretch of a file as a later reader gets it: without shell quotes and escapes. Every character still knows where it
 * is written.
 */
export interface SourcedText {
  readonly text: string;
  /** Where the characters `from` to `to` (exclusive) stand in the file; zero-width where they are the same. */
  spanOf(from: number, to: number): Span;
  /** What stands at an index where the text has a placeholder instead of characters: something only known at run time. */
  expansionAt(index: number): Expansion | undefined;
}

/** A shell expansion inside a value. */
export interface Expansion {
  /** `X` for `$X` and `${X}`; `undefined` for commands, positional parameters and anything more clever. */
  readonly variable: string | undefined;
  readonly span: Span;
}

/** Some characters with their place in the file. */
export interface Piece {
  readonly text: string;
  readonly span: Span;
}

/** One word of a kernel command line. */
export interface Parameter {
  /** Before the first `=`; the whole word where there is none. */
  readonly name: Piece;
  /** The name as the kernel compares it: `-` and `_` are the same in it. */
  readonly id: string;
  readonly hasEquals: boolean;
  /** After the first `=`, without the double quotes around it; zero-width where nothing stands there. */
  readonly value: Piece;
  /** The value split at its commas; one empty item for an empty value. */
  readonly items: readonly Piece[];
  /** The word as written, quotes included. */
  readonly whole: Piece;
  /** Shell expansions in it: what the kernel gets is then known only in part. */
  readonly expansions: readonly Expansion[];
}

export interface CommandLine {
  readonly parameters: readonly Parameter[];
  /** The word `--` that ends the kernel's part, and what follows it: arguments for init. */
  readonly initArguments: readonly Piece[];
  /** Everything, blanks included. */
  readonly span: Span;
  /** The last double quote, where their number is odd: it then hides the blanks behind it. */
  readonly openQuote: Span | undefined;
}

/** One line of a file, or a part of it, as it is. */
export function sourcedLine(lines: Lines, line: number, start = 0, end = (lines[line] ?? '').length): SourcedText {
  return {
    text: (lines[line] ?? '').slice(start, end),
    spanOf: (from, to) => span(line, start + from, start + to),
    expansionAt: () => undefined,
  };
}

/**
 * Splits a text into parameters as the kernel does (lib/cmdline.c, next_arg): at blanks outside of double quotes, name
 * and value at the first `=` that is not the first character. There are no escapes, and single quotes mean nothing.
 */
export function parseCommandLine(source: SourcedText): CommandLine {
  const words = splitWords(source.text);
  const end = words.findIndex(word => source.text.slice(word.from, word.to) === '--');
  const ours = end === -1 ? words : words.slice(0, end);
  return {
    parameters: ours.map(word => parseParameter(source, word)),
    initArguments: end === -1 ? [] : words.slice(end).map(word => piece(source, word.from, word.to)),
    span: source.spanOf(0, source.text.length),
    openQuote: openQuote(source),
  };
}

/** The spelling in which two names of the same parameter are equal strings. */
export const parameterId = (name: string): string => name.replaceAll('-', '_');

/** True where the kernel gets exactly what is written. */
export const isLiteral = (parameter: Parameter): boolean => parameter.expansions.length === 0;

export const parameterAt = (line: CommandLine, at: Position): Parameter | undefined =>
  line.parameters.find(parameter => touches(parameter.whole.span, at));

/** The item of a value that the position touches; where two meet at a comma, the one that the comma ends. */
export const itemAt = (parameter: Parameter, at: Position): Piece | undefined =>
  parameter.hasEquals ? parameter.items.find(item => touches(item.span, at)) : undefined;

interface Word {
  readonly from: number;
  readonly to: number;
}

/** The blanks of the kernel's isspace() within ASCII. */
const blank = /[ \t\n\v\f\r]/;

function splitWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let from = -1;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (!quoted && blank.test(char)) {
      if (from !== -1) words.push({ from, to: at });
      from = -1;
      continue;
    }
    if (from === -1) from = at;
    if (char === '"') quoted = !quoted;
  }
  if (from !== -1) words.push({ from, to: text.length });
  return words;
}

function parseParameter(source: SourcedText, { from, to }: Word): Parameter {
  const { text } = source;
  const wholeQuoted = text[from] === '"';
  const start = wholeQuoted ? from + 1 : from;
  let end = to;
  const equals = text.indexOf('=', start + 1);
  const hasEquals = equals !== -1 && equals < to;
  const valueQuoted = hasEquals && text[equals + 1] === '"';
  if ((wholeQuoted || valueQuoted) && end - 1 > (valueQuoted ? equals + 1 : from) && text[end - 1] === '"') end--;
  const valueStart = hasEquals ? Math.min(equals + (valueQuoted ? 2 : 1), end) : end;
  const name = piece(source, start, Math.max(start, hasEquals ? equals : end));
  return {
    name,
    id: parameterId(name.text),
    hasEquals,
    value: piece(source, valueStart, end),
    items: splitItems(source, valueStart, end),
    whole: piece(source, from, to),
    expansions: expansionsIn(source, from, to),
  };
}

function splitItems(source: SourcedText, start: number, end: number): readonly Piece[] {
  const items: Piece[] = [];
  for (let from = start; from <= end; ) {
    const comma = source.text.indexOf(',', from);
    const to = comma === -1 || comma > end ? end : comma;
    items.push(piece(source, from, to));
    from = to + 1;
  }
  return items;
}

function expansionsIn(source: SourcedText, from: number, to: number): readonly Expansion[] {
  const found: Expansion[] = [];
  for (let at = from; at < to; at++) {
    const expansion = source.expansionAt(at);
    if (expansion) found.push(expansion);
  }
  return found;
}

function openQuote(source: SourcedText): Span | undefined {
  let count = 0;
  let last = -1;
  for (let at = source.text.indexOf('"'); at !== -1; at = source.text.indexOf('"', at + 1)) {
    count++;
    last = at;
  }
  return count % 2 === 1 ? source.spanOf(last, last + 1) : undefined;
}

const piece = (source: SourcedText, from: number, to: number): Piece => ({
  text: source.text.slice(from, to),
  span: source.spanOf(from, to),
});
