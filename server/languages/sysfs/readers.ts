import { type Token, token } from '../../text/span.ts';

/** What a reader of sysfsutils does with a line. */
export type Reading =
  | { readonly does: 'nothing' }
  | { readonly does: 'write' | 'mode' | 'owner'; readonly path: Token; readonly value: Token }
  | { readonly does: 'stop'; readonly fault: Fault };

/**
 * Why a reader gives up at a line, and with it at everything behind: `path`: there is none. `value`: there is none.
 * `equals`: there is no `=`. `words`: a value with blanks in it, or words that belong to nothing.
 */
export type Fault = 'path' | 'value' | 'equals' | 'words';

const nothing: Reading = { does: 'nothing' };
const stop = (fault: Fault): Reading => ({ does: 'stop', fault });

/**
 * The init script of sysfsutils 2.1.1-4 (Debian 12): a comment starts anywhere; with at most two words before the first
 * `=`, that `=` counts as a blank; the line is then split into words at blanks and tabs. Measured on the script.
 */
export function readBySh(text: string): Reading {
  const end = endOfCode(text);
  if (text.slice(0, end).trim() === '') return nothing;
  const equals = text.indexOf('=');
  const before = equals === -1 || equals >= end ? [] : wordsIn(text, 0, equals, /[ \t\v\f\r]/);
  const isSplit = equals !== -1 && equals < end && before.length <= 2;
  const valueStart = isSplit ? skipBlanks(text, equals + 1, end) : 0;
  const words = [...before.slice(0, isSplit ? 2 : 0), ...wordsIn(text, valueStart, end, /[ \t]/)];
  const [first, second] = words;
  if (!first) return stop('path');
  if (!second) return stop(before.length === 0 && isSplit ? 'path' : 'value');
  const rest = words[2] ? token(text, words[2].start, (words.at(-1) as Token).end) : undefined;
  if ((first.text === 'mode' || first.text === 'owner') && rest) return { does: first.text, path: second, value: rest };
  return rest ? stop('words') : { does: 'write', path: first, value: second };
}

/**
 * `update-sysfs` of Debian 13, as far as it was observed: it wants an `=`, splits at the last one, takes values with
 * blanks and drops a carriage return at the end.
 */
export function readByPerl(text: string): Reading {
  const end = endOfCode(text);
  const code = text.slice(0, end);
  if (code.trim() === '') return nothing;
  const equals = code.lastIndexOf('=');
  if (equals === -1) return stop(/\S\s+\S/.test(code) ? 'equals' : 'value');
  const left = wordsIn(text, 0, equals, /\s/);
  const value = between(text, equals + 1, end);
  const [first, second] = left;
  if (!first) return stop('path');
  if (value.text === '') return stop('value');
  const isKeyword = (first.text === 'mode' || first.text === 'owner') && second !== undefined;
  return isKeyword
    ? { does: first.text as 'mode' | 'owner', path: between(text, second.start, equals), value }
    : { does: 'write', path: between(text, first.start, equals), value };
}

const endOfCode = (text: string): number => {
  const hash = text.indexOf('#');
  return hash === -1 ? text.length : hash;
};

function wordsIn(text: string, from: number, to: number, blank: RegExp): readonly Token[] {
  const words: Token[] = [];
  let start = -1;
  for (let at = from; at <= to; at++) {
    const isBlank = at === to || blank.test(text[at] as string);
    if (!isBlank && start === -1) start = at;
    if (isBlank && start !== -1) {
      words.push(token(text, start, at));
      start = -1;
    }
  }
  return words;
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && /[ \t\v\f\r]/.test(text[at] as string)) at++;
  return at;
}

function between(text: string, from: number, to: number): Token {
  const part = text.slice(from, to);
  const inner = part.trim();
  const start = from + (inner === '' ? 0 : part.indexOf(inner));
  return token(text, start, start + inner.length);
}
