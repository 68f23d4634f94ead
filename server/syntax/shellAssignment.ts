import { fromLines, type Lines } from '../text/lines.ts';
import type { Position, Span } from '../text/span.ts';
import type { Piece, SourcedText } from './commandLine.ts';
import {
  decoded,
  type Quote,
  readWord,
  type ShellText,
  type ShellWord,
  spanOf,
  type UnclosedQuote,
} from './shellWord.ts';

/**
 * What a file of settings that a shell sources (/etc/default/grub) assigns, in order. Everything else of the shell is
 * read only as far as it tells which assignments take effect.
 */
export interface ShellScript {
  readonly assignments: readonly Assignment[];
  /** Words of all commands, in order; with comments and operators they cover the text. */
  readonly words: readonly Span[];
  readonly comments: readonly Span[];
  readonly problems: readonly ShellProblem[];
}

export interface Assignment {
  readonly name: Piece;
  /** What the variable gets. */
  readonly value: SourcedText;
  /** The right side as written, quotes included. */
  readonly written: Span;
  /** How the whole right side is quoted; `mixed` where more than one way is used in it. */
  readonly quote: Quote | 'none' | 'mixed';
  /** Its closing quote is missing: the value is what stands on its line. */
  readonly isUnclosed: boolean;
  /** The command that it is part of, `export` included. */
  readonly statement: Span;
  /** `true`: sets the variable. `maybe`: inside `if`, a function, or behind `&&`. `false`: for one other command only. */
  readonly holds: true | false | 'maybe';
}

export interface ShellProblem {
  /**
   * `unclosed`: a quote is missing at the end of `span`. `blanks`: blanks around the `=`. `append`: `+=`, which sh does
   * not have. `unquoted`: more words follow a value without quotes and are run as a command.
   */
  readonly kind: 'unclosed' | 'blanks' | 'append' | 'unquoted';
  /** The variable that it is about. */
  readonly variable: string;
  /** What is wrong, from the name on. */
  readonly span: Span;
  readonly quote?: UnclosedQuote['quote'];
}

/** Reads a script as sh (dash) would. It cannot fail; every line of the text may be damaged. */
export function parseShellScript(lines: Lines): ShellScript {
  const source = shellText(lines);
  const reader = new Reader(source);
  reader.read();
  return reader.script;
}

function shellText(lines: Lines): ShellText {
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  return { text: fromLines(lines), positionOf: offset => positionIn(starts, offset) };
}

function positionIn(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: offset - (starts[low] ?? 0) };
}

/** A name and its `=`; a backslash before a line feed is nothing, even inside a name. */
const assigns = /^([A-Za-z_](?:(?:\\\n)*[A-Za-z0-9_])*)(?:\\\n)*=/;
const appends = /^([A-Za-z_][A-Za-z0-9_]*)\+=/;
const declares = new Set(['export', 'readonly', 'local']);
const opens = new Set(['if', 'while', 'until', 'for', 'case', '{']);
const closes = new Set(['fi', 'done', 'esac', '}']);
const prefixes = new Set(['then', 'else', 'elif', 'do', '!']);

/** Walks over a script once, command by command. */
class Reader {
  readonly script: { -readonly [Key in keyof ShellScript]: ShellScript[Key][number][] } = {
    assignments: [],
    words: [],
    comments: [],
    problems: [],
  };
  private readonly source: ShellText;
  private command: ShellWord[] = [];
  /** How many `if`, loops and functions are open. */
  private depth = 0;
  /** How many subshells are open; the brackets of `case` patterns come out even here. */
  private brackets = 0;
  /** The separator before this command makes it depend on another one. */
  private depends = false;
  private readonly documents: string[] = [];

  constructor(source: ShellText) {
    this.source = source;
  }

  read(): void {
    const { text } = this.source;
    let at = 0;
    while (at < text.length) {
      const char = text[at] as string;
      if (char === ' ' || char === '\t') at++;
      else if (char === '\\' && text[at + 1] === '\n') at += 2;
      else if (char === '#') at = this.comment(at);
      else if (char === '\n') at = this.lineFeed(at);
      else if (';&|()'.includes(char)) at = this.separator(at, char);
      else if (char === '<' || char === '>') at = this.redirection(at);
      else at = this.word(at);
    }
    this.finish(false);
  }

  private comment(from: number): number {
    const feed = this.source.text.indexOf('\n', from);
    const to = feed === -1 ? this.source.text.length : feed;
    this.script.comments.push(spanOf(this.source, from, to));
    return to;
  }

  private lineFeed(at: number): number {
    this.finish(false);
    let next = at + 1;
    for (const end of this.documents.splice(0)) next = this.skipDocument(next, end);
    return next;
  }

  private separator(at: number, char: string): number {
    const isPair = this.source.text[at + 1] === char && '&|;'.includes(char);
    const isPipe = char === '|' && !isPair;
    if (isPipe || (char === '&' && !isPair)) this.depends = true; // runs in a shell of its own
    this.finish((isPair && char !== ';') || isPipe);
    if (char === '(') this.brackets++;
    if (char === ')') this.brackets = Math.max(0, this.brackets - 1);
    return at + (isPair ? 2 : 1);
  }

  /** Skips `> file`; the body of a here-document is skipped once its line has ended. */
  private redirection(from: number): number {
    const { text } = this.source;
    const before = this.command.at(-1);
    if (before?.to === from && /^\d+$/.test(before.raw)) this.command.pop(); // the number of a file, as in 2>
    const operator = /^(?:<<-?|>>|[<>]&|<>|>\||[<>])/.exec(text.slice(from, from + 3))?.[0] ?? '<';
    let at = from + operator.length;
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (at >= text.length || text[at] === '\n' || ';&|()<>#'.includes(text[at] as string)) return at;
    const target = readWord(text, at);
    this.script.words.push(spanOf(this.source, target.from, target.to));
    if (operator.startsWith('<<')) this.documents.push(target.characters.map(character => character.text).join(''));
    return Math.max(target.to, at + 1);
  }

  private skipDocument(from: number, end: string): number {
    const { text } = this.source;
    for (let at = from; at < text.length; ) {
      const feed = text.indexOf('\n', at);
      const to = feed === -1 ? text.length : feed;
      if (to > at) this.script.words.push(spanOf(this.source, at, to));
      if (text.slice(at, to).replace(/^\t+/, '') === end) return to;
      at = to + 1;
    }
    return text.length;
  }

  private word(from: number): number {
    const word = readWord(this.source.text, from);
    this.command.push(word);
    this.script.words.push(spanOf(this.source, word.from, word.to));
    return Math.max(word.to, from + 1);
  }

  /** Ends a command. `next` tells whether the command after it depends on this one. */
  private finish(next: boolean): void {
    const words = this.command;
    this.command = [];
    this.classify(words);
    this.depends = next;
  }

  private classify(all: readonly ShellWord[]): void {
    let words = all;
    while (words[0] && (prefixes.has(words[0].raw) || opens.has(words[0].raw) || closes.has(words[0].raw))) {
      if (opens.has(words[0].raw)) this.depth++;
      if (closes.has(words[0].raw)) this.depth = Math.max(0, this.depth - 1);
      words = words.slice(1);
    }
    const first = words[0];
    if (!first) return;
    const declared = declares.has(first.raw);
    const candidates = declared ? words.slice(1) : words;
    const count = declared ? candidates.length : leading(candidates);
    const commandFollows = !declared && count < candidates.length;
    for (const word of candidates.slice(0, count)) this.assignment(word, first, commandFollows);
    this.complain(candidates, count, declared);
  }

  private assignment(word: ShellWord, first: ShellWord, commandFollows: boolean): void {
    const found = assigns.exec(word.raw);
    if (!found) return;
    const { source } = this;
    const name = (found[1] as string).replaceAll('\\\n', '');
    this.script.assignments.push({
      name: { text: name, span: spanOf(source, word.from, word.from + (found[1] as string).length) },
      value: decoded(source, word, name.length + 1),
      written: spanOf(source, word.from + found[0].length, word.to),
      quote: quoteOf(word, found[0].length),
      isUnclosed: word.unclosed !== undefined,
      statement: spanOf(source, first.from, word.to),
      holds: commandFollows ? false : this.depth > 0 || this.brackets > 0 || this.depends ? 'maybe' : true,
    });
  }

  private complain(words: readonly ShellWord[], count: number, declared: boolean): void {
    for (const word of words) {
      if (word.unclosed) this.problem('unclosed', word, word.unclosed.missingAt, word.unclosed.quote);
    }
    const [first, second] = words;
    const last = words.at(-1);
    if (!first || !last) return;
    const bare = /^[A-Za-z_][A-Za-z0-9_]*$/.test(first.raw);
    if (bare && /^\+?=/.test(second?.raw ?? '')) this.problem('blanks', first, last.to);
    else if (appends.test(first.raw)) this.problem('append', first, first.to);
    else if (!declared && second && /^[A-Za-z_][A-Za-z0-9_]*=$/.test(first.raw)) this.problem('blanks', first, last.to);
    else if (!declared && second && count > 0 && (count < words.length || isUnquoted(first))) {
      this.problem('unquoted', first, last.to);
    }
  }

  private problem(kind: ShellProblem['kind'], word: ShellWord, to: number, quote?: UnclosedQuote['quote']): void {
    const variable = /^[A-Za-z_][A-Za-z0-9_]*/.exec(word.raw)?.[0] ?? '';
    const span = spanOf(this.source, word.from, to);
    this.script.problems.push(quote === undefined ? { kind, variable, span } : { kind, variable, span, quote });
  }
}

/** How many words at the start of a command are assignments. */
function leading(words: readonly ShellWord[]): number {
  const end = words.findIndex(word => !assigns.test(word.raw));
  return end === -1 ? words.length : end;
}

const isUnquoted = (word: ShellWord): boolean => quoteOf(word, (assigns.exec(word.raw)?.[0] ?? '').length) === 'none';

function quoteOf(word: ShellWord, from: number): Assignment['quote'] {
  const value = word.raw.slice(from);
  const first = value[0];
  if (first !== '"' && first !== "'") return /["'\\]/.test(value) ? 'mixed' : 'none';
  if (word.unclosed) return first;
  const close = closingOffset(value, first);
  return close === value.length - 1 ? first : 'mixed';
}

/** Where the quote that opens a value closes, by the characters alone. */
function closingOffset(value: string, quote: string): number {
  for (let at = 1; at < value.length; at++) {
    if (value[at] === quote) return at;
    if (quote === '"' && value[at] === '\\') at++;
  }
  return value.length;
}
