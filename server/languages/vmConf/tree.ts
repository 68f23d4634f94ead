import { type Part, parsePropertyString } from '../../syntax/propertyString.ts';
import { intern } from '../../text/intern.ts';
import { commonEnds, type Lines } from '../../text/lines.ts';
import { Memo } from '../../text/memo.ts';
import { Recent } from '../../text/recent.ts';
import { type Token, token } from '../../text/span.ts';

/**
 * One line of a VM .conf, as the first rule of Proxmox's reader that matches sees it. A pure function of the line's
 * text: it has no line number, so it serves every version of the file that still has the line, and every file.
 * Source: qemu-server 9.2.6, PVE/QemuServer.pm parse_vm_config, observed.
 */
export interface VmLine {
  readonly kind: LineKind;
  /** The key or the header's name; zero-width at the start of the line where there is none. */
  readonly key: Token;
  /**
   * The value without the blanks around it; zero-width behind the key where there is none. Of a value that is nothing
   * but blanks it is the last of them, because that is what the reader stores.
   */
  readonly value: Token;
  /** What was computed of the line alone. */
  readonly memo: Memo;
}

/** `junk` is a line that no rule accepts; it has a key all the same where it starts with one and a colon. */
export type LineKind =
  | 'blank'
  | 'header'
  | 'comment'
  | 'description'
  | 'snapstate'
  | 'args'
  | 'delete'
  | 'entry'
  | 'junk';

export type SectionKind = 'main' | 'pending' | 'special' | 'snapshot' | 'unknown';

/** A header with what follows it; the main section has no header and starts at line 0. */
export interface Section {
  readonly kind: SectionKind;
  /** `PENDING`, a snapshot's name, `cloudinit` or `fleecing`, what stands in the brackets; '' for the main section. */
  readonly name: string;
  /** The header's line; -1 for the main section. */
  readonly header: number;
  /** First line after the header, and the line behind the last one. */
  readonly from: number;
  readonly to: number;
  /** The lines between `from` and `to`. The same array in every version of the file in which none of them changed. */
  readonly body: readonly VmLine[];
  /** What was computed of the body alone; the same object as long as the body is. */
  readonly memo: Memo;
}

/** A VM .conf: every line of the text is exactly one node, and every line but headers is in exactly one section. */
export interface VmConf {
  readonly lines: Lines;
  readonly nodes: readonly VmLine[];
  readonly sections: readonly Section[];
  /** Sections that repeat an earlier one, whose contents are lost: index to the earlier one's index. */
  readonly repeats: ReadonlyMap<number, number>;
  /** What was computed of the whole file. */
  readonly memo: Memo;
}

/** Parsing cannot fail: a line that no rule accepts is a node of kind `junk`. */
export function parseVmConf(lines: Lines, previous?: VmConf): VmConf {
  if (!previous) {
    const nodes = lines.map(lineOf);
    const sections = findSections(nodes, -1, nodes.length);
    return { lines, nodes, sections, repeats: findRepeats(sections), memo: new Memo() };
  }
  const { head, tail } = commonEnds(previous.lines, lines);
  const nodes = patchNodes(previous, lines, head, tail);
  const sections = patchSections(previous, nodes, head, tail);
  return {
    lines,
    nodes,
    sections,
    repeats: sameNames(previous.sections, sections) ? previous.repeats : findRepeats(sections),
    memo: new Memo(),
  };
}

/** Something that is computed of a line alone, and kept with it: it must not hold line numbers. */
export function perLine<T extends object>(compute: (node: VmLine) => T): (node: VmLine) => T {
  return node => node.memo.get<T>(compute) ?? node.memo.set(compute, compute(node));
}

/** The parts of an entry's property string. */
export const partsOf = perLine<readonly Part[]>(node => parsePropertyString(node.value));

/**
 * Something that is computed of a section's lines alone. It is kept with them, so that after an edit only the sections
 * that changed are looked at again; it must not hold line numbers of the file.
 */
export function perBody<T>(compute: (section: Section) => T): (section: Section) => T {
  return section => section.memo.get<T>(compute) ?? section.memo.set(compute, compute(section));
}

/** Something that is computed of a file alone, once per version of it. */
export function perTree<T extends object>(compute: (tree: VmConf) => T): (tree: VmConf) => T {
  return tree => tree.memo.get<T>(compute) ?? tree.memo.set(compute, compute(tree));
}

/** The section that a line belongs to; a header belongs to the section that it opens. */
export function sectionAt(tree: VmConf, line: number): Section {
  let low = 0;
  let high = tree.sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tree.sections[middle] as Section).header <= line) low = middle;
    else high = middle - 1;
  }
  return tree.sections[low] as Section;
}

function patchNodes(previous: VmConf, lines: Lines, head: number, tail: number): readonly VmLine[] {
  const changed = lines.length - tail - head;
  if (previous.lines.length === lines.length) {
    if (changed === 0) return previous.nodes;
    const nodes = previous.nodes.slice();
    for (let line = head; line < head + changed; line++) nodes[line] = lineOf(lines[line] as string);
    return nodes;
  }
  const fresh = lines.slice(head, lines.length - tail).map(lineOf);
  return [...previous.nodes.slice(0, head), ...fresh, ...previous.nodes.slice(previous.nodes.length - tail)];
}

/** Sections that lie wholly in the unchanged head or tail keep their bodies; what is between them is looked at anew. */
function patchSections(previous: VmConf, nodes: readonly VmLine[], head: number, tail: number): readonly Section[] {
  const shift = nodes.length - previous.nodes.length;
  if (shift === 0 && head + tail >= nodes.length) return previous.sections;
  const known = previous.sections;
  let before = 0;
  while (before < known.length && (known[before] as Section).to < head) before++;
  let after = known.length;
  const tailStart = previous.nodes.length - tail;
  while (after > before && (known[after - 1] as Section).header >= tailStart) after--;
  const from = before === 0 ? -1 : (known[before - 1] as Section).to;
  const to = after === known.length ? nodes.length : (known[after] as Section).header + shift;
  const middle = findSections(nodes, from, to);
  const rest = known.slice(after);
  return [...known.slice(0, before), ...middle, ...(shift === 0 ? rest : rest.map(section => moved(section, shift)))];
}

const moved = (section: Section, by: number): Section => ({
  ...section,
  header: section.header + by,
  from: section.from + by,
  to: section.to + by,
});

/** Sections of a stretch of lines that starts at a header; at -1 it is the main section that starts. */
function findSections(nodes: readonly VmLine[], start: number, to: number): readonly Section[] {
  const sections: Section[] = [];
  const close = (header: number, end: number): void => {
    if (header < 0) sections.push({ ...main, to: end, body: stretch(nodes, 0, end), memo: new Memo() });
    else if (header < to) sections.push(sectionOf(nodes, header, end));
  };
  let header = start;
  for (let line = header + 1; line < to; line++) {
    if ((nodes[line] as VmLine).kind !== 'header') continue;
    close(header, line);
    header = line;
  }
  close(header, to);
  return sections;
}

const sameNames = (before: readonly Section[], after: readonly Section[]): boolean =>
  before === after ||
  (before.length === after.length &&
    after.every((section, index) => {
      const other = before[index] as Section;
      return section === other || (section.kind === other.kind && section.name === other.name);
    }));

/** Names of snapshots are compared with their case, `[PENDING]` is not; unknown sections have nothing to lose. */
function findRepeats(sections: readonly Section[]): ReadonlyMap<number, number> {
  if (sections.length < 3) return noRepeats;
  const repeats = new Map<number, number>();
  const seen = {
    pending: new Map<string, number>(),
    special: new Map<string, number>(),
    snapshot: new Map<string, number>(),
  };
  sections.forEach(({ kind, name }, index) => {
    if (kind === 'main' || kind === 'unknown') return;
    const identity = kind === 'pending' ? '' : name;
    const earlier = seen[kind].get(identity);
    if (earlier !== undefined) repeats.set(index, earlier);
    seen[kind].set(identity, index);
  });
  return repeats;
}

const noRepeats: ReadonlyMap<number, number> = new Map();

const main = { kind: 'main', name: '', header: -1, from: 0 } as const;

function sectionOf(nodes: readonly VmLine[], header: number, to: number): Section {
  const from = header + 1;
  return {
    ...nameOf((nodes[header] as VmLine).key.text),
    header,
    from,
    to,
    body: stretch(nodes, from, to),
    memo: new Memo(),
  };
}

/** Most files are one section as a whole. */
const stretch = (nodes: readonly VmLine[], from: number, to: number): readonly VmLine[] =>
  from === 0 && to === nodes.length ? nodes : nodes.slice(from, to);

function nameOf(name: string): Pick<Section, 'kind' | 'name'> {
  if (/^pending$/i.test(name)) return { kind: 'pending', name };
  if (/^special:(?:cloudinit|fleecing)$/i.test(name) && /:[a-z]+$/.test(name)) {
    return { kind: 'special', name: name.slice('special:'.length) };
  }
  return { kind: /^[a-z][a-z0-9_-]+$/i.test(name) ? 'snapshot' : 'unknown', name };
}

// Proxmox matches on bytes with Perl's ASCII white space, so JavaScript's wider \s must not be used here.
const headerLine = /^\[[^\]]*\][ \t\r\f\v]*$/;
const snapstateEnd = /snapstate:[ \t\r\f\v]*(prepare|delete)[ \t\r\f\v]*$/;
const keyStart = /^[a-z][a-z_-]*[0-9]*:/;

/** The VMs of a host have half of their lines in common. */
const shared = new Recent<VmLine>(2048);

const lineOf = (line: string): VmLine => (line.length > 200 ? readLine(line) : shared.get(line, readLine));

function readLine(line: string): VmLine {
  const first = line.charCodeAt(0);
  if (first === 0x5b && headerLine.test(line))
    return node('header', line, 1, line.indexOf(']'), line.length, line.length);
  if (first === 0x23) return node('comment', line, 0, 0, 1, line.length);
  const { start, end } = trimmed(line, 0);
  return start === end ? node('blank', line, 0, 0, 0, 0) : readKeyed(line);
}

function readKeyed(line: string): VmLine {
  const key = keyStart.exec(line)?.[0].slice(0, -1);
  if (key === 'description') {
    const read = withValue('description', line, key);
    if (read) return read;
  }
  const state = line.includes('snapstate:') ? snapstateEnd.exec(line) : null;
  if (state) return snapstateNode(line, state);
  if (key === undefined) return node('junk', line, 0, 0, 0, line.length);
  const kind = key === 'args' || key === 'delete' ? key : 'entry';
  return withValue(kind, line, key) ?? emptyValue(line, key);
}

function withValue(kind: LineKind, line: string, key: string): VmLine | undefined {
  const { start, end } = trimmed(line, key.length + 1);
  return start === end ? undefined : node(kind, line, 0, key.length, start, end);
}

/**
 * `key:` with nothing but blanks behind it. With a blank or more the reader's pattern still matches and the last blank
 * is the value; without any it does not, and the line is junk.
 */
function emptyValue(line: string, key: string): VmLine {
  const at = key.length + 1;
  if (line.length === at) return node('junk', line, 0, key.length, at, at);
  return node('entry', line, 0, key.length, line.length - 1, line.length);
}

/** The last `snapstate:` of the line counts, wherever it stands: the reader's pattern has no start. */
function snapstateNode(line: string, found: RegExpExecArray): VmLine {
  const word = found[1] as string;
  const start = line.lastIndexOf(word);
  return node('snapstate', line, found.index, found.index + 'snapstate'.length, start, start + word.length);
}

/** The stretch from a column on without the blanks around it; empty at the end of the line where all is blank. */
function trimmed(line: string, from: number): { readonly start: number; readonly end: number } {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return { start, end };
}

const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0a);

function node(kind: LineKind, line: string, a: number, b: number, c: number, d: number): VmLine {
  const key = { text: intern(line.slice(a, b)), start: a, end: b };
  return { kind, key, value: token(line, c, d), memo: new Memo() };
}
