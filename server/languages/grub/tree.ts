import { parseCommandLine } from '../../syntax/commandLine.ts';
import { type Assignment, parseShellScript, type ShellScript } from '../../syntax/shellAssignment.ts';
import type { Lines } from '../../text/lines.ts';
import type { CommandLines, WrittenCommandLine } from '../kernelCmdline/tree.ts';

/** /etc/default/grub or a file of /etc/default/grub.d: settings in shell syntax, sourced by grub-mkconfig. */
export interface GrubTree extends CommandLines {
  readonly script: ShellScript;
  readonly commandLines: readonly GrubCommandLine[];
}

/** The kernel parameters that one assignment gives. */
export interface GrubCommandLine extends WrittenCommandLine {
  readonly variable: string;
  readonly assignment: Assignment;
}

/** Kernel parameters of every menu entry, and those that recovery entries do without. */
export const commonVariable = 'GRUB_CMDLINE_LINUX';
export const defaultVariable = 'GRUB_CMDLINE_LINUX_DEFAULT';

/** True for the variables of grub-mkconfig that hold kernel parameters. */
export const holdsParameters = (variable: string): boolean =>
  /^GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY|_XEN_REPLACE|_XEN_REPLACE_DEFAULT)?$/.test(variable);

export function parseGrub(lines: Lines): GrubTree {
  const script = parseShellScript(lines);
  const ours = script.assignments.filter(assignment => holdsParameters(assignment.name.text));
  return { script, commandLines: ours.map(toCommandLine) };
}

function toCommandLine(assignment: Assignment): GrubCommandLine {
  const { quote } = assignment;
  return {
    ...parseCommandLine(assignment.value),
    variable: assignment.name.text,
    quoting: quote === 'mixed' || assignment.isUnclosed ? undefined : quote,
    assignment,
  };
}
