import type { SourceFile } from '../languages/language.ts';
import { isReadFile } from '../languages/modprobe/config.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { isAccepted, kmodMajor, type ModprobeLine, type ModprobeTree, readBy } from '../languages/modprobe/tree.ts';
import { type LogicalLine, wholeOf } from '../syntax/wordLines.ts';
import { deleteLine, type Edit } from '../text/edit.ts';
import type { Lines } from '../text/lines.ts';
import { versionsOf, type World } from '../workspace/world.ts';
import type { Finding, Rule } from './rule.ts';

export type ModprobeFile = SourceFile<ModprobeTree>;

/** A rule about lines of modprobe.d that kmod accepts. In files that kmod does not read it is silent. */
export interface ModprobeRule extends Pick<Rule, 'id' | 'severity' | 'docs' | 'examples'> {
  find(node: ModprobeLine, file: ModprobeFile, world: World): Iterable<Finding>;
}

export const modprobeRule = ({ find, ...rule }: ModprobeRule): Rule<ModprobeTree> => ({
  ...rule,
  language: modprobe,
  *check(file, world) {
    if (!isReadFile(file.place.path)) return;
    for (const node of acceptedBy(file.tree, kmodMajor(versionsOf(world, file).kmod))) yield* find(node, file, world);
  },
});

const accepted = new WeakMap<ModprobeTree, { readonly kmod: number; readonly nodes: readonly ModprobeLine[] }>();

/** The lines that a kmod accepts, as it reads them. All rules go through the same. */
function acceptedBy(tree: ModprobeTree, kmod: number): readonly ModprobeLine[] {
  const known = accepted.get(tree);
  if (known?.kmod === kmod) return known.nodes;
  const nodes = tree.nodes.map(node => readBy(node, kmod)).filter(isAccepted);
  accepted.set(tree, { kmod, nodes });
  return nodes;
}

/** Takes a logical line out, all its lines of the file and the line feed behind them. */
export function removeLine(lines: Lines, line: LogicalLine): Edit {
  const last = deleteLine(lines, line.to);
  if (line.from === line.to) return last;
  const whole = wholeOf(lines, line);
  return { span: { ...whole, endLine: last.span.endLine, end: Math.max(last.span.end, 0) }, text: '' };
}
