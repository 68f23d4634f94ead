import type { Lines } from '../../text/lines.ts';
import { type Token, token } from '../../text/span.ts';
import { type Reading, readByPerl, readBySh } from './readers.ts';

/** /etc/sysfs.conf or a file of /etc/sysfs.d: one line each, no continuation. */
export interface SysfsTree {
  readonly lines: readonly SysfsLine[];
}

/** One line as it was meant. Every character that is no blank and no `=` is in one of the tokens. */
export interface SysfsLine {
  readonly line: number;
  readonly kind: 'empty' | 'comment' | 'setting';
  /** `mode` or `owner` before a path; zero-width for a line that writes a value. */
  readonly keyword: Token;
  /** Path below /sys, as written; zero-width where it is missing. */
  readonly path: Token;
  /** Words between the path and the `=`, which belong to nothing; zero-width in a sound line. */
  readonly stray: Token;
  readonly hasEquals: boolean;
  /** Everything behind the `=`, without blanks around; zero-width where it is missing. */
  readonly value: Token;
  /** From the first `#` on, wherever it stands; zero-width where there is none. */
  readonly comment: Token;
  /** What the init script of Debian 12 (sh) makes of it. */
  readonly sh: Reading;
  /** What `update-sysfs` of Debian 13 (perl) makes of it. */
  readonly perl: Reading;
}

/** Reads a file. It cannot fail; lines that did not change keep their parts. */
export function parseSysfs(lines: Lines, previous?: SysfsTree): SysfsTree {
  return { lines: lines.map((text, line) => reuse(previous?.lines[line], text, line) ?? parseLine(text, line)) };
}

const texts = new WeakMap<SysfsLine, string>();

const reuse = (known: SysfsLine | undefined, text: string, line: number): SysfsLine | undefined =>
  known && known.line === line && texts.get(known) === text ? known : undefined;

function parseLine(text: string, line: number): SysfsLine {
  const hash = text.indexOf('#');
  const end = hash === -1 ? text.length : hash;
  const code = text.slice(0, end);
  const start = code.length - code.trimStart().length;
  const first = wordAt(text, start, end);
  const hasKeyword = isKeyword(first.text) && nextIsWord(text, first.end, end);
  const path = hasKeyword ? wordAt(text, skipBlanks(text, first.end, end), end) : first;
  const equals = text.indexOf('=', path.end);
  const hasEquals = equals !== -1 && equals < end;
  const node: SysfsLine = {
    line,
    kind: code.trim() !== '' ? 'setting' : hash === -1 ? 'empty' : 'comment',
    keyword: hasKeyword ? first : token(text, start, start),
    path,
    stray: trimmed(text, path.end, hasEquals ? equals : path.end),
    hasEquals,
    value: trimmed(text, hasEquals ? equals + 1 : path.end, end),
    comment: token(text, end, text.length),
    sh: readBySh(text),
    perl: readByPerl(text),
  };
  texts.set(node, text);
  return node;
}

/** True for the words that make a line about permissions. */
export const isKeyword = (text: string): boolean => text === 'mode' || text === 'owner';

function wordAt(text: string, from: number, limit: number): Token {
  let to = from;
  while (to < limit && !/[\s=]/.test(text[to] as string)) to++;
  return token(text, from, to);
}

/** `mode = 1` is about a path called "mode". */
function nextIsWord(text: string, from: number, limit: number): boolean {
  const at = skipBlanks(text, from, limit);
  return at > from && (at >= limit || text[at] !== '=');
}

function skipBlanks(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && /\s/.test(text[at] as string)) at++;
  return at;
}

/** The stretch without blanks around; a missing value stands where it would be typed, behind one blank. */
function trimmed(text: string, from: number, to: number): Token {
  const part = text.slice(from, to);
  const inner = part.trim();
  const typed = Math.min(from + (/^[ \t]/.test(part) ? 1 : 0), to);
  if (inner === '') return token(text, typed, typed);
  const start = from + part.indexOf(inner);
  return token(text, start, start + inner.length);
}
