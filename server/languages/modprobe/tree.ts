import { isSpaceOrTab, joinLines, type LogicalLine, wordsOf } from '../../syntax/wordLines.ts';
import type { Lines } from '../../text/lines.ts';
import { type Position, type Token, token } from '../../text/span.ts';

export const commands = ['alias', 'blacklist', 'install', 'options', 'remove', 'softdep', 'weakdep'] as const;
export type Command = (typeof commands)[number];

/** `deprecated`: `include` and `config`, which kmod names in a message and skips; `unknown`: no command at all. */
export type LineKind = Command | 'blank' | 'comment' | 'deprecated' | 'unknown';

/** Why kmod refuses a line that starts with a command. */
export type Fault = 'no-name' | 'no-argument' | 'bracket';

/**
 * One logical line of a modprobe.d file. Tokens count in `line.text`; a missing one is zero-width.
 * Source: kmod 30 and 34.2, kmod_config_parse, observed.
 */
export interface ModprobeLine {
  readonly kind: LineKind;
  readonly line: LogicalLine;
  /** The first word. */
  readonly command: Token;
  /** The second word: a module, or the alias of an `alias` line. */
  readonly name: Token;
  /** All that follows the name and one blank; for `alias` the third word, for `blacklist` nothing that counts. */
  readonly rest: Token;
  readonly fault: Fault | undefined;
  /** Offset of a NUL byte: kmod does not see what follows it on the line. */
  readonly cut: number | undefined;
}

/** A modprobe.d file as the newest kmod reads it: every line of the file belongs to exactly one node, in order. */
export interface ModprobeTree {
  readonly nodes: readonly ModprobeLine[];
}

/** The newest version whose behaviour is known; assumed where the host says none. */
export const newestKmod = 34;

/** Parsing cannot fail: a line that no command starts is a node of kind `unknown`. */
export const parseModprobe = (lines: Lines): ModprobeTree => ({ nodes: joinLines(lines).map(readLine) });

/** True for a line that takes effect as one of the seven commands. */
export const isAccepted = (node: ModprobeLine): node is ModprobeLine & { readonly kind: Command } =>
  node.fault === undefined && (commands as readonly string[]).includes(node.kind);

/**
 * The line as an older kmod reads it. Before 34 a file that ends in a backslash gets a byte FF appended to its last
 * word; before 33 there is no `weakdep`.
 */
export function readBy(node: ModprobeLine, kmod: number): ModprobeLine {
  if (kmod < 34 && node.line.dangling) {
    return readBy(readLine({ ...node.line, text: `${node.line.text}\ufffd`, dangling: false }), kmod);
  }
  return kmod < 33 && node.kind === 'weakdep' ? { ...node, kind: 'unknown', fault: undefined } : node;
}

/** Major version of a Debian version string such as `30+20221128-1`. */
export const kmodMajor = (version: string | undefined): number => Number.parseInt(version ?? '', 10) || newestKmod;

/** How kmod compares names: `-` is `_`, save inside `[…]`. */
export function canonicalName(name: string): string {
  if (!name.includes('[')) return name.replaceAll('-', '_');
  return name.replace(/\[[^\]]*\]?|-/g, found => (found === '-' ? '_' : found));
}

/** The node that holds a line of the file. */
export function nodeAt(tree: ModprobeTree, at: Position): ModprobeLine {
  let low = 0;
  let high = tree.nodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tree.nodes[middle] as ModprobeLine).line.from <= at.line) low = middle;
    else high = middle - 1;
  }
  return tree.nodes[low] as ModprobeLine;
}

/** Words of an `alias` or `blacklist` line that kmod drops without a word. */
export function droppedWords(node: ModprobeLine): readonly Token[] {
  if (node.kind !== 'alias' && node.kind !== 'blacklist') return [];
  const last = node.kind === 'alias' ? node.rest : node.name;
  return wordsOf(node.line.text, isSpaceOrTab, last.end, node.cut);
}

function readLine(line: LogicalLine): ModprobeLine {
  const nul = line.text.indexOf('\0');
  const cut = nul === -1 ? undefined : nul;
  const text = cut === undefined ? line.text : line.text.slice(0, cut);
  const none = token(text, text.length, text.length);
  const [command = none] = text.startsWith('#') ? [token(text, 0, 1)] : wordsOf(text, isSpaceOrTab).slice(0, 1);
  const kind = text.startsWith('#') ? 'comment' : kindOf(command.text);
  const node = { kind, line, command, name: none, rest: none, fault: undefined, cut };
  return (commands as readonly string[]).includes(kind) ? readArguments(node, text) : node;
}

function kindOf(command: string): LineKind {
  if (command === '') return 'blank';
  if (command === 'include' || command === 'config') return 'deprecated';
  return (commands as readonly string[]).includes(command) ? (command as Command) : 'unknown';
}

function readArguments(node: ModprobeLine, text: string): ModprobeLine {
  const name = wordAt(text, node.command.end);
  const rest = node.kind === 'alias' ? wordAt(text, name.end) : restAfter(text, name.end);
  return { ...node, name, rest, fault: faultOf(node.kind, name, rest) };
}

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
