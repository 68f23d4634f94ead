import { layoutOf } from './layout.ts';
import { type Reason, type ReasonCode, readLine, type Status } from './read.ts';
import { perBody, perTree, type Section, type VmConf, type VmLine } from './tree.ts';

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
export const problemsOf = perTree(collect);

/** The problems of one kind. */
export const problemsWith = (tree: VmConf, code: ReasonCode): readonly Problem[] => problemsOf(tree).get(code) ?? none;

const none: readonly Problem[] = [];

/** What the reader does with one line of a file, headers included. */
export function statusOf(tree: VmConf, line: number, section: Section): Status {
  if (line !== section.header) return readLine(tree.nodes[line] as VmLine, section).status;
  if (section.kind === 'unknown') return 'rejected';
  return repeatedBy(tree, section) ? 'warned' : 'section';
}

/** The section that a repeated header puts out of force; `undefined` where the header repeats none. */
export function repeatedBy(tree: VmConf, section: Section): Section | undefined {
  if (tree.repeats.size === 0) return undefined;
  const earlier = tree.repeats.get(tree.sections.indexOf(section));
  return earlier === undefined ? undefined : tree.sections[earlier];
}

/** A valid line that another valid one of the same section and key puts out of force. */
export interface Overridden {
  readonly line: number;
  readonly node: VmLine;
  readonly section: Section;
  /** The line that counts. */
  readonly by: number;
}

/** Nobody reads more of the same about one section. */
const most = 100;

/** Lines of a section without effect, because a later line has the same key; refused lines count for nothing. */
export const overriddenIn = (section: Section): readonly Overridden[] =>
  layoutOf(section)
    .overridden.slice(0, most)
    .map(({ offset, by }) => ({
      line: section.from + offset,
      node: section.body[offset] as VmLine,
      section,
      by: section.from + by,
    }));

function collect(tree: VmConf): ReadonlyMap<ReasonCode, readonly Problem[]> {
  let all: Map<ReasonCode, Problem[]> | undefined;
  const add = (section: Section, line: number, node: VmLine, reason: Reason): void => {
    const problem = { line, node, section, reason };
    all ??= new Map();
    const list = all.get(reason.code);
    if (list) list.push(problem);
    else all.set(reason.code, [problem]);
  };
  for (let index = 0; index < tree.sections.length; index++) {
    const section = tree.sections[index] as Section;
    const isRepeated = tree.repeats.size > 0 && tree.repeats.has(index);
    const code = section.kind === 'unknown' ? 'unknown-section' : isRepeated ? 'duplicate-section' : undefined;
    const header = code && tree.nodes[section.header];
    if (code && header) add(section, section.header, header, { code, token: header.key });
    for (const { offset, node, reason } of problemsOfBody(section)) add(section, section.from + offset, node, reason);
  }
  return all ?? noProblems;
}

const noProblems: ReadonlyMap<ReasonCode, readonly Problem[]> = new Map();

interface BodyProblem {
  readonly offset: number;
  readonly node: VmLine;
  readonly reason: Reason;
}

const problemsOfBody = perBody(section => {
  let found: BodyProblem[] | undefined;
  for (let offset = 0; offset < section.body.length; offset++) {
    const node = section.body[offset] as VmLine;
    for (const reason of readLine(node, section).reasons) {
      found ??= [];
      found.push({ offset, node, reason });
    }
  }
  return found ?? noBodyProblems;
});

const noBodyProblems: readonly BodyProblem[] = [];
