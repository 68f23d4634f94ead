import type { Position, Span } from '../text/span.ts';
import type { Expansion, SourcedText } from './commandLine.ts';

/** The text of a script with the places of its offsets. */
export interface ShellText {
  readonly text: string;
  positionOf(offset: number): Position;
}

export type Quote = '"' | "'";

/** One word of a shell command, quotes and escapes taken away. */
export interface ShellWord {
  /** Offsets of the word as written. */
  readonly from: number;
  readonly to: number;
  readonly raw: string;
  /** What the shell makes of it; expansions are placeholders. */
  readonly characters: readonly Character[];
  /** A quote that opens here and is never closed where it should be: the shell then reads on into other lines. */
  readonly unclosed: UnclosedQuote | undefined;
}

/** One UTF-16 code unit that the shell passes on, or an expansion. */
export interface Character {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly variable?: string | undefined;
  readonly isExpansion?: true;
}

export interface UnclosedQuote {
  readonly quote: Quote | '`' | '(';
  readonly opens: number;
  /** Where the missing quote most likely belongs: the end of the line, without its carriage return. */
  readonly missingAt: number;
}

/** Stands for an expansion in a decoded text. It is no blank, no `=`, no comma and no quote. */
export const placeholder = '\uFFFC';

export const spanOf = (source: ShellText, from: number, to: number): Span => {
  const start = source.positionOf(from);
  const end = source.positionOf(to);
  return { line: start.line, start: start.column, endLine: end.line, end: end.column };
};

/** A part of a word (from the index of a character on) as text that knows its places. */
export function decoded(source: ShellText, word: ShellWord, index: number): SourcedText {
  const characters = word.characters.slice(index);
  const open = openingOf(word, index);
  return {
    text: characters.map(character => character.text).join(''),
    spanOf(from, to) {
      const first = characters[from];
      const last = characters[to - 1];
      if (to > from && first && last) return spanOf(source, first.from, last.to);
      const at = first?.from ?? characters.at(-1)?.to ?? open;
      return spanOf(source, at, at);
    },
    expansionAt(at): Expansion | undefined {
      const character = characters[at];
      if (!character?.isExpansion) return undefined;
      return { variable: character.variable, span: spanOf(source, character.from, character.to) };
    },
  };
}

/** Where text goes into an empty rest of a word: behind its opening quote. */
function openingOf(word: ShellWord, index: number): number {
  const at = index === 0 ? word.from : (word.characters[index - 1]?.to ?? word.from);
  const next = word.raw[at - word.from];
  return next === '"' || next === "'" ? at + 1 : at;
}

const endsWord = /[ \t\n;&|()<>]/;
/** What a backslash makes plain between double quotes. */
const escapable = /[$`"\\]/;

/** Reads the word that starts at an offset, by the rules of a POSIX shell. */
export function readWord(text: string, from: number): ShellWord {
  const characters: Character[] = [];
  let unclosed: UnclosedQuote | undefined;
  let at = from;
  while (at < text.length && !unclosed) {
    const char = text[at] as string;
    if (char === "'" || char === '"') {
      const end = closingQuote(text, at, char);
      unclosed = end.unclosed;
      if (char === "'") pushPlain(characters, text, at + 1, end.at);
      else readQuoted(characters, text, at + 1, end.at);
      at = unclosed ? end.at : end.at + 1;
    } else if (char === '\\') {
      if (at + 1 < text.length && text[at + 1] !== '\n') {
        characters.push({ text: text[at + 1] as string, from: at, to: at + 2 });
      }
      at = Math.min(at + 2, text.length);
    } else if (char === '$' || char === '`') {
      const end = readExpansion(characters, text, at, text.length);
      unclosed = end.unclosed;
      at = end.at;
    } else if (endsWord.test(char)) break;
    else {
      characters.push({ text: char, from: at, to: at + 1 });
      at++;
    }
  }
  return { from, to: at, raw: text.slice(from, at), characters, unclosed };
}

interface End {
  readonly at: number;
  readonly unclosed?: UnclosedQuote | undefined;
}

function pushPlain(characters: Character[], text: string, from: number, to: number): void {
  for (let at = from; at < to; at++) characters.push({ text: text[at] as string, from: at, to: at + 1 });
}

function readQuoted(characters: Character[], text: string, from: number, to: number): void {
  let at = from;
  while (at < to) {
    const char = text[at] as string;
    const next = at + 1 < to ? (text[at + 1] as string) : '';
    if (char === '\\' && next === '\n') at += 2;
    else if (char === '\\' && escapable.test(next)) {
      characters.push({ text: next, from: at, to: at + 2 });
      at += 2;
    } else if (char === '$' || char === '`') at = readExpansion(characters, text, at, to).at;
    else {
      characters.push({ text: char, from: at, to: at + 1 });
      at++;
    }
  }
}

/** Reads `$X`, `${…}`, `$(…)` or a command between backticks; a `$` before anything else is itself. */
function readExpansion(characters: Character[], text: string, from: number, limit: number): End {
  const simple = /^\$(?:([A-Za-z_](?:(?:\\\n)*[A-Za-z0-9_])*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|[0-9@*#?$!-])/.exec(
    text.slice(from, Math.min(limit, from + 256)),
  );
  if (simple) {
    const to = from + simple[0].length;
    characters.push({
      text: placeholder,
      from,
      to,
      variable: (simple[1] ?? simple[2])?.replaceAll('\\\n', ''),
      isExpansion: true,
    });
    return { at: to };
  }
  const next = text[from + 1];
  if (text[from] === '$' && next !== '(' && next !== '{') {
    characters.push({ text: '$', from, to: from + 1 });
    return { at: from + 1 };
  }
  const end = text[from] === '`' ? closingBacktick(text, from, limit) : closingBracket(text, from + 1, limit);
  characters.push({ text: placeholder, from, to: end.at, isExpansion: true });
  return end;
}

function closingBacktick(text: string, from: number, limit: number): End {
  for (let at = from + 1; at < limit; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return { at: at + 1 };
  }
  return missing(text, from, '`', limit);
}

function closingBracket(text: string, from: number, limit: number): End {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const char = text[at] as string;
    if (char === '\\') at++;
    else if (char === "'") {
      const close = text.indexOf("'", at + 1);
      if (close === -1 || close >= limit) break;
      at = close;
    } else if (char === '(' || char === '{') depth++;
    else if ((char === ')' || char === '}') && --depth === 0) return { at: at + 1 };
  }
  return missing(text, from - 1, '(', limit);
}

/**
 * What stands at the start of a line where a value has surely ended: a comment, or a variable. Variables of settings are in
 * capitals; `intel_iommu=on` would be a value that goes on.
 */
const startsStatement = /^[ \t]*(?:#|(?:export[ \t]+)?[A-Z][A-Z0-9_]+\+?=)/;

/**
 * The offset of the closing quote. A quote that is never closed, or that swallows lines that are assignments of their
 * own, counts as missing at the end of its line: otherwise one slip would make all that follows unreadable.
 */
function closingQuote(text: string, opens: number, quote: Quote): End {
  for (let at = opens + 1; at < text.length; at++) {
    const char = text[at];
    if (char === quote) return { at };
    if (quote === '"' && char === '\\') at++;
    else if (quote === '"' && (char === '`' || (char === '$' && text[at + 1] === '(')))
      at = behindCommand(text, at) - 1;
    else if (char === '\n' && startsStatement.test(text.slice(at + 1, at + 257)))
      return missing(text, opens, quote, at);
  }
  return missing(text, opens, quote, text.length);
}

/** Quotes in a command substitution are its own. One that is not closed nearby is read as plain characters. */
function behindCommand(text: string, from: number): number {
  const limit = Math.min(text.length, from + 2000);
  const end = text[from] === '`' ? closingBacktick(text, from, limit) : closingBracket(text, from + 1, limit);
  return end.unclosed ? from + 1 : end.at;
}

function missing(text: string, opens: number, quote: UnclosedQuote['quote'], limit: number): End {
  const feed = text.indexOf('\n', opens);
  let at = feed === -1 || feed > limit ? limit : feed;
  if (at > opens && text[at - 1] === '\r') at--;
  return { at, unclosed: { quote, opens, missingAt: at } };
}
