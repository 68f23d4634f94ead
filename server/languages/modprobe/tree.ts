import { isSpaceOrTab, type JoinedLine, joinFrom, type LogicalLine, wordsOf } from '../../syntax/wordLines.ts';
import { commonEnds, type Lines } from '../../text/lines.ts';
import { Memo } from '../../text/memo.ts';
import { Picks } from '../../text/picks.ts';
import { type Position, type Token, token } from '../../text/span.ts';

export const commands = ['alias', 'blacklist', 'install', 'options', 'remove', 'softdep', 'weakdep'] as const;
export type Command = (typeof commands)[number];

/** `deprecated`: `include` and `config`, which kmod names in a message and skips; `unknown`: no command at all. */
export type LineKind = Command | 'blank' | 'comment' | 'deprecated' | 'unknown';

/** Why kmod refuses a line that starts with a command. */
export type Fault = 'no-name' | 'no-argument' | 'bracket';

/**
 * One logical line of a modprobe.d file as it is read: a pure function of its lines of the file, which does not know where
 * it stands. Tokens count in `line.text`; a missing one is zero-width.
 * Source: kmod 30 and 34.2, kmod_config_parse, observed.
 */
export interface ReadLine {
  readonly kind: LineKind;
  readonly line: JoinedLine;
  /** The first word. */
  readonly command: Token;
  /** The second word: a module, or the alias of an `alias` line. */
  readonly name: Token;
  /** The name as kmod compares it. */
  readonly module: string;
  /** All that follows the name and one blank; for `alias` the third word, for `blacklist` nothing that counts. */
  readonly rest: Token;
  readonly fault: Fault | undefined;
  /** Offset of a NUL byte: kmod does not see what follows it on the line. */
  readonly cut: number | undefined;
  /** What was computed of the line alone. */
  readonly memo: Memo;
}

/** The same at its place in a file. */
export interface ModprobeLine extends ReadLine {
  readonly line: LogicalLine;
}

/** A modprobe.d file as the newest kmod reads it: every line of the file belongs to exactly one node, in order. */
export interface ModprobeTree {
  readonly lines: Lines;
  /** The same objects in every version of the file in which their lines stay as they are. */
  readonly nodes: readonly ReadLine[];
  /** First line of each node in the file. */
  readonly starts: readonly number[];
  readonly picks: Picks<ReadLine>;
}

/** The newest version whose behaviour is known; assumed where the host says none. */
export const newestKmod = 34;

/** Parsing cannot fail: a line that no command starts is a node of kind `unknown`. */
export function parseModprobe(lines: Lines, previous?: ModprobeTree): ModprobeTree {
  if (previous) return patch(previous, lines);
  const { nodes, starts } = readFrom(lines, 0, at => at === lines.length);
  return { lines, nodes, starts, picks: new Picks(nodes) };
}

/** A node at its place. */
export function lineAt({ nodes, starts }: ModprobeTree, index: number): ModprobeLine {
  const { kind, line, command, name, module, rest, fault, cut, memo } = nodes[index] as ReadLine;
  const { text, pieces, height, dangling } = line;
  const from = starts[index] as number;
  // Written out: spread syntax takes three times as long, and there are files with thousands of lines.
  const placed = { text, pieces, height, dangling, from, to: from + height - 1 };
  return { kind, line: placed, command, name, module, rest, fault, cut, memo };
}

/** Something that is computed of a line alone, and kept with it. */
export function perLine<T extends object>(compute: (line: ReadLine) => T): (line: ReadLine) => T {
  return line => line.memo.get<T>(compute) ?? line.memo.set(compute, compute(line));
}

/** True for a line that takes effect as one of the seven commands. */
export const isAccepted = <Line extends ReadLine>(node: Line): node is Line & { readonly kind: Command } =>
  node.fault === undefined && isCommand(node.kind);

/**
 * The line as an older kmod reads it. Before 34 a file that ends in a backslash gets a byte FF appended to its last
 * word; before 33 there is no `weakdep`.
 */
export function readBy(node: ModprobeLine, kmod: number): ModprobeLine {
  if (kmod < 34 && node.line.dangling) {
    const line = { ...node.line, text: `${node.line.text}\ufffd`, dangling: false };
    return readBy({ ...readLine(line), line }, kmod);
  }
  if (kmod >= 33 || node.kind !== 'weakdep') return node;
  return { ...node, kind: 'unknown', fault: undefined, memo: new Memo() };
}

/** Major version of a Debian version string such as `30+20221128-1`. */
export const kmodMajor = (version: string | undefined): number => Number.parseInt(version ?? '', 10) || newestKmod;

/** How kmod compares names: `-` is `_`, save inside `[…]`. */
export function canonicalName(name: string): string {
  if (!name.includes('[')) return name.replaceAll('-', '_');
  return name.replace(/\[[^\]]*\]?|-/g, found => (found === '-' ? '_' : found));
}

/** The node that holds a line of the file. */
export const nodeAt = (tree: ModprobeTree, at: Position): ModprobeLine => lineAt(tree, indexAt(tree, at.line));

/** The last node that starts at or before a line. */
function indexAt({ starts }: ModprobeTree, line: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Words of an `alias` or `blacklist` line that kmod drops without a word. */
export function droppedWords(node: ReadLine): readonly Token[] {
  if (node.kind !== 'alias' && node.kind !== 'blacklist') return [];
  const last = node.kind === 'alias' ? node.rest : node.name;
  return wordsOf(node.line.text, isSpaceOrTab, last.end, node.cut);
}

/**
 * Reads again from the node on that holds the first changed line, until a node starts where one started before. A backslash
 * at the end of a file is in wait of a line behind it.
 */
function patch(previous: ModprobeTree, lines: Lines): ModprobeTree {
  const { head, tail } = commonEnds(previous.lines, lines);
  const { length } = previous.lines;
  if (head === length && head === lines.length) return previous;
  const shift = lines.length - length;
  const isWaiting = previous.nodes.at(-1)?.line.dangling === true;
  const first = head === length && !isWaiting ? previous.nodes.length : indexAt(previous, head);
  let rest = previous.nodes.length;
  const fresh = readFrom(lines, previous.starts[first] ?? length, at => {
    const index = at < lines.length - tail || at === lines.length ? -1 : indexAt(previous, at - shift);
    if (previous.starts[index] !== at - shift) return at === lines.length;
    rest = index;
    return true;
  });
  const nodes = replaced(previous.nodes, first, rest, fresh.nodes);
  const behind = previous.starts.slice(rest);
  const starts = replaced(previous.starts, first, rest, fresh.starts);
  if (shift !== 0)
    for (let at = nodes.length - behind.length; at < nodes.length; at++) starts[at] = (starts[at] as number) + shift;
  return { lines, nodes, starts, picks: previous.picks.spliced(nodes, first, rest, fresh.nodes) };
}

const replaced = <T>(list: readonly T[], from: number, to: number, fresh: readonly T[]): T[] =>
  list.slice(0, from).concat(fresh, list.slice(to));

function readFrom(lines: Lines, from: number, isEnd: (at: number) => boolean) {
  const nodes: ReadLine[] = [];
  const starts: number[] = [];
  for (let at = from; !isEnd(at); ) {
    const node = readLine(joinFrom(lines, at));
    nodes.push(node);
    starts.push(at);
    at += node.line.height;
  }
  return { nodes, starts };
}

function readLine(line: JoinedLine): ReadLine {
  const nul = line.text.indexOf('\0');
  const cut = nul === -1 ? undefined : nul;
  const text = cut === undefined ? line.text : line.text.slice(0, cut);
  const none = token(text, text.length, text.length);
  if (text.startsWith('#')) return node('comment', line, token(text, 0, 1), none, none, undefined, cut);
  const command = wordAt(text, 0);
  const kind = kindOf(command.text);
  if (!isCommand(kind)) return node(kind, line, command, none, none, undefined, cut);
  const name = wordAt(text, command.end);
  const rest = kind === 'alias' ? wordAt(text, name.end) : restAfter(text, name.end);
  return node(kind, line, command, name, rest, faultOf(kind, name, rest), cut);
}

function node(
  kind: LineKind,
  line: JoinedLine,
  command: Token,
  name: Token,
  rest: Token,
  fault: Fault | undefined,
  cut: number | undefined,
): ReadLine {
  return { kind, line, command, name, module: canonicalName(name.text), rest, fault, cut, memo: new Memo() };
}

function kindOf(command: string): LineKind {
  if (command === '') return 'blank';
  if (command === 'include' || command === 'config') return 'deprecated';
  return isCommand(command) ? command : 'unknown';
}

const isCommand = (word: string): word is Command => (commands as readonly string[]).includes(word);

/** The first word at or after an offset. */
function wordAt(text: string, from: number): Token {
  let start = from;
  while (start < text.length && isSpaceOrTab(text.charCodeAt(start))) start++;
  let end = start;
  while (end < text.length && !isSpaceOrTab(text.charCodeAt(end))) end++;
  return token(text, start, end);
}

/** Behind a word and the one blank that ends it. Further blanks are part of it, and count as an argument. */
function restAfter(text: string, end: number): Token {
  return token(text, Math.min(end + 1, text.length), text.length);
}

function faultOf(kind: LineKind, name: Token, rest: Token): Fault | undefined {
  if (name.text === '') return 'no-name';
  if (kind !== 'blacklist' && rest.text === '') return 'no-argument';
  return unbalanced(name.text) || (kind === 'alias' && unbalanced(rest.text)) ? 'bracket' : undefined;
}

/** A `[` without `]` behind it, or a `]` without `[` before it. */
function unbalanced(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    if (name[at] === ']') return true;
    if (name[at] === '[') {
      at = name.indexOf(']', at);
      if (at === -1) return true;
    }
  }
  return false;
}
