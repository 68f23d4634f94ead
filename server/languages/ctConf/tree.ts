import { commonEnds, type Lines } from '../../text/lines.ts';
import { type Token, token } from '../../text/span.ts';

/**
 * One line of a container's .conf, as the first rule of Proxmox's reader that matches sees it. A pure function of the
 * line's text: it has no line number, so it serves every version of the file that still has the line.
 * Source: pve-container 6.1.10, PVE/LXC/Config.pm parse_pct_config.
 */
export interface CtLine {
  readonly kind: LineKind;
  /** The key or the header's name; zero-width at the start of the line where there is none. */
  readonly key: Token;
  /**
   * The value without the blanks around it; zero-width behind the key where there is none. Of an entry's value that is
   * nothing but blanks it is the last of them, because that is what the reader stores.
   */
  readonly value: Token;
}

/** `raw` is a line for LXC itself; `junk` one that no rule accepts, with a key where it starts with one and a colon. */
export type LineKind =
  | 'blank'
  | 'header'
  | 'comment'
  | 'raw'
  | 'description'
  | 'snapstate'
  | 'delete'
  | 'entry'
  | 'junk';

/** A header with what follows it; the main section has no header and starts at line 0. */
export interface CtSection {
  readonly kind: 'main' | 'pending' | 'snapshot';
  /** `pve:pending` or a snapshot's name, as written; '' for the main section. */
  readonly name: string;
  /** The header's line; -1 for the main section. */
  readonly header: number;
  /** First line after the header, and the line behind the last one. */
  readonly from: number;
  readonly to: number;
}

/** A container's .conf: every line of the text is exactly one node, and every line is in exactly one section. */
export interface CtConf {
  readonly lines: Lines;
  readonly nodes: readonly CtLine[];
  readonly sections: readonly CtSection[];
}

/** Parsing cannot fail: a line that no rule accepts is a node of kind `junk`, a wrong header too. */
export function parseCtConf(lines: Lines, previous?: CtConf): CtConf {
  const nodes = readLines(lines, previous);
  return { lines, nodes, sections: findSections(nodes) };
}

/** The section that a line belongs to; a header belongs to the section that it opens. */
export const sectionAt = (tree: CtConf, line: number): CtSection =>
  tree.sections.findLast(section => section.header <= line) as CtSection;

function readLines(lines: Lines, previous: CtConf | undefined): readonly CtLine[] {
  if (!previous) return lines.map(readLine);
  const { head, tail } = commonEnds(previous.lines, lines);
  const fresh = lines.slice(head, lines.length - tail).map(readLine);
  return [...previous.nodes.slice(0, head), ...fresh, ...previous.nodes.slice(previous.nodes.length - tail)];
}

// The reader matches bytes with Perl's ASCII white space; JavaScript's wider \s would accept more.
const blank = /^[ \t\r\f\v]*$/;
const header = /^\[(pve:pending|[a-z][a-z0-9_-]+)\][ \t\r\f\v]*$/i;
const rawKey = /^(lxc\.[a-z0-9_.-]+)(:|[ \t\r\f\v]*=)/;
const keyed = /^([a-z][a-z_]*[0-9]*):/;
const snapstate = /snapstate:[ \t\r\f\v]*(prepare|delete)[ \t\r\f\v]*$/;

function readLine(line: string): CtLine {
  if (blank.test(line)) return bare('blank', line);
  const name = header.exec(line)?.[1];
  if (name !== undefined) return { kind: 'header', key: token(line, 1, 1 + name.length), value: end(line) };
  if (line.startsWith('#')) return { kind: 'comment', key: token(line, 0, 0), value: token(line, 1, line.length) };
  const raw = rawKey.exec(line);
  if (raw) return { kind: 'raw', key: token(line, 0, raw[1]?.length ?? 0), value: valueBehind(line, raw[0].length) };
  return readKeyed(line);
}

function readKeyed(line: string): CtLine {
  const key = keyed.exec(line)?.[1];
  const value = key === undefined ? end(line) : valueBehind(line, key.length + 1);
  const hasValue = value.end > value.start;
  const name = token(line, 0, key?.length ?? 0);
  if (key === 'description' && hasValue) return { kind: 'description', key: name, value };
  const state = line.includes('snapstate:') ? snapstate.exec(line) : null;
  if (state) return snapstateLine(line, state);
  if (key === 'delete' && hasValue) return { kind: 'delete', key: name, value };
  if (key === undefined) return { kind: 'junk', key: name, value: valueBehind(line, 0) };
  if (hasValue) return { kind: 'entry', key: name, value };
  if (line.length === key.length + 1) return { kind: 'junk', key: name, value };
  return { kind: 'entry', key: name, value: token(line, line.length - 1, line.length) };
}

function snapstateLine(line: string, found: RegExpExecArray): CtLine {
  const word = found[1] as string;
  const start = line.indexOf(word, found.index + 'snapstate:'.length);
  const key = token(line, found.index, found.index + 'snapstate'.length);
  return { kind: 'snapstate', key, value: token(line, start, start + word.length) };
}

const bare = (kind: LineKind, line: string): CtLine => ({ kind, key: token(line, 0, 0), value: end(line) });

/** Zero-width where nothing but blanks ends the line. */
const end = (line: string): Token => valueBehind(line, line.length);

function valueBehind(line: string, from: number): Token {
  let start = from;
  let to = line.length;
  while (start < to && isBlank(line.charCodeAt(start))) start++;
  while (to > start && isBlank(line.charCodeAt(to - 1))) to--;
  if (start < to) return token(line, start, to);
  // The cursor stands before a carriage return, behind other blanks.
  const at = line.endsWith('\r') ? Math.max(from, line.length - 1) : line.length;
  return token(line, at, at);
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0a);
}

function findSections(nodes: readonly CtLine[]): readonly CtSection[] {
  const sections: CtSection[] = [];
  let open: Omit<CtSection, 'to'> = { kind: 'main', name: '', header: -1, from: 0 };
  nodes.forEach((node, line) => {
    if (node.kind !== 'header') return;
    sections.push({ ...open, to: line });
    const name = node.key.text;
    open = { kind: name.toLowerCase() === 'pve:pending' ? 'pending' : 'snapshot', name, header: line, from: line + 1 };
  });
  sections.push({ ...open, to: nodes.length });
  return sections;
}
