import { isRefused, type Reason, type ReasonCode, readLine, type Status, storedKeyOf } from './read.ts';
import type { Section, VmConf, VmLine } from './tree.ts';

/** A reason with the line that it is about. */
export interface Problem {
  readonly line: number;
  readonly node: VmLine;
  readonly section: Section;
  readonly reason: Reason;
}

/**
 * Everything that Proxmox's reader complains about in a file, by kind of reason, in the order of the lines. Computed
 * once per tree; sections that did not change are not read again.
 */
export function problemsOf(tree: VmConf): ReadonlyMap<ReasonCode, readonly Problem[]> {
  let known = byTree.get(tree);
  if (!known) {
    known = collect(tree);
    byTree.set(tree, known);
  }
  return known;
}

/** The problems of one kind. */
export const problemsWith = (tree: VmConf, code: ReasonCode): readonly Problem[] => problemsOf(tree).get(code) ?? [];

/** What the reader does with one line of a file, headers included. */
export function statusOf(tree: VmConf, line: number, section: Section): Status {
  if (line !== section.header) return readLine(tree.nodes[line] as VmLine, section).status;
  if (section.kind === 'unknown') return 'rejected';
  return repeatedHeaders(tree).has(section) ? 'warned' : 'section';
}

/**
 * Headers that repeat an earlier one; the value is the section whose contents are lost. Names of snapshots are
 * compared with their case, `[PENDING]` is not.
 */
export function repeatedHeaders(tree: VmConf): ReadonlyMap<Section, Section> {
  const repeated = new Map<Section, Section>();
  const seen = new Map<string, Section>();
  for (const section of tree.sections) {
    if (section.kind === 'main' || section.kind === 'unknown') continue;
    const identity = section.kind === 'pending' ? 'pending' : `${section.kind}:${section.name}`;
    const earlier = seen.get(identity);
    if (earlier) repeated.set(section, earlier);
    seen.set(identity, section);
  }
  return repeated;
}

/** A valid line that another valid one of the same section and key puts out of force. */
export interface Overridden {
  readonly line: number;
  readonly node: VmLine;
  readonly section: Section;
  /** The line that counts. */
  readonly by: number;
}

/** Lines of a section without effect, because a later line has the same key; refused lines count for nothing. */
export const overriddenIn = (section: Section): readonly Overridden[] =>
  overriddenOfBody(section).map(({ offset, by }) => ({
    line: section.from + offset,
    node: section.body[offset] as VmLine,
    section,
    by: section.from + by,
  }));

const byTree = new WeakMap<VmConf, ReadonlyMap<ReasonCode, readonly Problem[]>>();

function collect(tree: VmConf): ReadonlyMap<ReasonCode, readonly Problem[]> {
  const all = new Map<ReasonCode, Problem[]>();
  const add = (section: Section, line: number, node: VmLine, reason: Reason): void => {
    const problem = { line, node, section, reason };
    const list = all.get(reason.code);
    if (list) list.push(problem);
    else all.set(reason.code, [problem]);
  };
  const repeated = repeatedHeaders(tree);
  for (const section of tree.sections) {
    const code =
      section.kind === 'unknown' ? 'unknown-section' : repeated.has(section) ? 'duplicate-section' : undefined;
    const header = tree.nodes[section.header];
    if (code && header) add(section, section.header, header, { code, token: header.key });
    for (const { offset, node, reason } of problemsOfBody(section)) add(section, section.from + offset, node, reason);
  }
  return all;
}

interface BodyProblem {
  readonly offset: number;
  readonly node: VmLine;
  readonly reason: Reason;
}

const byBody = new WeakMap<readonly VmLine[], readonly BodyProblem[]>();

function problemsOfBody(section: Section): readonly BodyProblem[] {
  let known = byBody.get(section.body);
  if (!known) {
    known = section.body.flatMap((node, offset) =>
      readLine(node, section).reasons.map(reason => ({ offset, node, reason })),
    );
    byBody.set(section.body, known);
  }
  return known;
}

const overridden = new WeakMap<readonly VmLine[], readonly { readonly offset: number; readonly by: number }[]>();

function overriddenOfBody(section: Section): readonly { readonly offset: number; readonly by: number }[] {
  let known = overridden.get(section.body);
  if (!known) {
    known = findOverridden(section);
    overridden.set(section.body, known);
  }
  return known;
}

function findOverridden(section: Section): { offset: number; by: number }[] {
  const last = new Map<string, number>();
  const found: { offset: number; by: number }[] = [];
  for (let offset = section.body.length - 1; offset >= 0; offset--) {
    const node = section.body[offset] as VmLine;
    if (node.kind !== 'entry' && node.kind !== 'args') continue;
    if (isRefused(readLine(node, section), undefined) === true) continue;
    const key = storedKeyOf(node, section.kind);
    const by = last.get(key);
    if (by === undefined) last.set(key, offset);
    else found.push({ offset, by });
  }
  return found.reverse();
}
