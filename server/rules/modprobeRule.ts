import type { SourceFile } from '../languages/language.ts';
import { isReadFile } from '../languages/modprobe/config.ts';
import { linesRead, type Modules, mayHave } from '../languages/modprobe/linesRead.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import {
  isAccepted,
  kmodMajor,
  type ModprobeLine,
  type ModprobeTree,
  type ReadLine,
} from '../languages/modprobe/tree.ts';
import { type LogicalLine, wholeOf } from '../syntax/wordLines.ts';
import { deleteLine, type Edit } from '../text/edit.ts';
import type { Lines } from '../text/lines.ts';
import { versionsOf, type World } from '../workspace/world.ts';
import type { Finding, Rule } from './rule.ts';

export type ModprobeFile = SourceFile<ModprobeTree>;

/** A rule about lines of modprobe.d that kmod accepts. In files that kmod does not read it is silent. */
export interface ModprobeRule extends Pick<Rule, 'id' | 'severity' | 'docs' | 'examples'> {
  /**
   * False for a line of which the rule says nothing, whatever is known besides. It is asked once a line and not again at
   * every keystroke, so it looks at the line alone.
   */
  concerns(line: ReadLine): boolean;
  /** The modules that the rule can say something of, where these are few; `undefined` where there is none. */
  among?(file: ModprobeFile, world: World): Modules | undefined;
  find(node: ModprobeLine, file: ModprobeFile, world: World): Iterable<Finding>;
}

export function modprobeRule({ concerns, among, find, ...rule }: ModprobeRule): Rule<ModprobeTree> {
  const isMeant = (line: ReadLine): boolean => isAccepted(line) && concerns(line);
  return {
    ...rule,
    language: modprobe,
    mayFind: ({ tree }) => mayHave(tree, isMeant),
    *check(file, world) {
      if (!isReadFile(file.place.path)) return;
      const modules = among?.(file, world);
      if (among && !modules) return;
      const kmod = kmodMajor(versionsOf(world, file).kmod);
      for (const node of linesRead(file.tree, kmod, isMeant, modules)) yield* find(node, file, world);
    },
  };
}

/** Takes a logical line out, all its lines of the file and the line feed behind them. */
export function removeLine(lines: Lines, line: LogicalLine): Edit {
  const last = deleteLine(lines, line.to);
  if (line.from === line.to) return last;
  const whole = wholeOf(lines, line);
  return { span: { ...whole, endLine: last.span.endLine, end: Math.max(last.span.end, 0) }, text: '' };
}
