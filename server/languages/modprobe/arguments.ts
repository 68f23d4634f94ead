import { type Token, token } from '../../text/span.ts';
import { perLine, type ReadLine } from './tree.ts';

/** One parameter of an `options` line as the kernel splits it. Tokens count in the logical line's text. */
export interface Parameter {
  readonly whole: Token;
  readonly name: Token;
  /** False for a bare word, which switches a bool on. */
  readonly hasEquals: boolean;
  /** Without double quotes around it; zero-width behind the name where there is no `=`. */
  readonly value: Token;
}

/** What a `softdep` line asks for. Words before a free-standing `pre:` or `post:` are `loose`: they do nothing. */
export interface Softdep {
  readonly pre: readonly Token[];
  readonly post: readonly Token[];
  readonly loose: readonly Token[];
  /** The `pre:` and `post:` themselves. */
  readonly keywords: readonly Token[];
}

/**
 * Splits option text at blanks outside double quotes. The kernel knows no single quotes and no escapes.
 * Source: kernel, kernel/params.c next_arg; lib/argv splitting observed with 6.1 and 6.12.
 */
export const parametersOf = (node: ReadLine): readonly Parameter[] => (node.kind === 'options' ? split(node) : none);

const none: readonly Parameter[] = [];

const split = perLine((node): readonly Parameter[] => {
  const text = node.line.text.slice(0, node.rest.end);
  const found: Parameter[] = [];
  for (let at = skipBlanks(text, node.rest.start); at < text.length; ) {
    const next = readParameter(text, at);
    found.push(next);
    at = skipBlanks(text, next.whole.end);
  }
  return found;
});

/** Source: kmod 30 and 34.2, kmod_config_add_softdep, observed. */
export function softdepOf(node: ReadLine): Softdep {
  const lists = { pre: [] as Token[], post: [] as Token[], loose: [] as Token[], keywords: [] as Token[] };
  let open = lists.loose;
  for (const word of listedWords(node)) {
    if (word.text !== 'pre:' && word.text !== 'post:') open.push(word);
    else {
      lists.keywords.push(word);
      open = word.text === 'pre:' ? lists.pre : lists.post;
    }
  }
  return lists;
}

/**
 * The modules of a `weakdep` line, and all words of a `softdep` line. Here every white space separates, but a single one
 * before the first word (the second blank behind the module's name) becomes part of that word: ` pre:` is no keyword.
 */
export function listedWords(node: ReadLine): readonly Token[] {
  if (node.kind !== 'softdep' && node.kind !== 'weakdep') return [];
  const text = node.line.text;
  const { start, end } = node.rest;
  const words: Token[] = [];
  for (let at = skipBlanks(text, start, end); at < end; ) {
    const from = at === start + 1 ? start : at;
    while (at < end && !isWhiteSpace(text.charCodeAt(at))) at++;
    words.push(token(text, from, at));
    at = skipBlanks(text, at, end);
  }
  return words;
}

/** C's `isspace` for ASCII. */
const isWhiteSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

function skipBlanks(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isWhiteSpace(text.charCodeAt(at))) at++;
  return at;
}

function readParameter(text: string, from: number): Parameter {
  const quoted = text[from] === '"';
  const start = quoted ? from + 1 : from;
  const { end, equals } = scanParameter(text, start, quoted);
  const stop = quoted && end > start && text[end - 1] === '"' ? end - 1 : end;
  if (equals === undefined) {
    return {
      whole: token(text, from, end),
      name: token(text, start, stop),
      hasEquals: false,
      value: token(text, stop, stop),
    };
  }
  const value = unquoted(text, equals + 1, stop);
  return { whole: token(text, from, end), name: token(text, start, equals), hasEquals: true, value };
}

/** Where a parameter ends, and its first `=` that is not its first character. */
function scanParameter(text: string, start: number, quoted: boolean): { end: number; equals: number | undefined } {
  let inQuotes = quoted;
  let equals: number | undefined;
  let at = start;
  for (; at < text.length && (inQuotes || !isWhiteSpace(text.charCodeAt(at))); at++) {
    if (text[at] === '"') inQuotes = !inQuotes;
    if (text[at] === '=' && at > start) equals ??= at;
  }
  return { end: at, equals };
}

function unquoted(text: string, start: number, end: number): Token {
  if (text[start] !== '"' || start >= end) return token(text, start, end);
  const isClosed = end > start + 1 && text[end - 1] === '"';
  return token(text, start + 1, isClosed ? end - 1 : end);
}
