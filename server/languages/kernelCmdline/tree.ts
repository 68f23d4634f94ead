import { type CommandLine, type Parameter, parseCommandLine, sourcedLine } from '../../syntax/commandLine.ts';
import type { Lines } from '../../text/lines.ts';

/**
 * What every file with kernel parameters has in common: command lines, in order of place. Checks, completion and hover
 * of parameters need no more than this.
 */
export interface CommandLines {
  readonly commandLines: readonly WrittenCommandLine[];
}

/**
 * How the text around a place is quoted: `plain` is no shell at all; `none` is a shell value without quotes, which cannot
 * hold a blank.
 */
export type Quoting = 'plain' | 'none' | '"' | "'";

/** A command line with the place it has in its file. */
export interface WrittenCommandLine extends CommandLine {
  /** The shell variable that holds it; `undefined` where the file is nothing but the command line. */
  readonly variable: string | undefined;
  /** How text that is added to it must be written; `undefined` where nothing can be added by a simple insertion. */
  readonly quoting: Quoting | undefined;
}

/** /etc/kernel/cmdline. Every line of the file is one command line here, empty lines included. */
export interface KernelCmdlineTree extends CommandLines {
  /** The line that is used: proxmox-boot-tool reads the first one and nothing else. */
  readonly used: WrittenCommandLine;
}

/** Reads /etc/kernel/cmdline. It knows no comments and no continuation lines. */
export function parseKernelCmdline(lines: Lines): KernelCmdlineTree {
  const read = (line: number): WrittenCommandLine => ({
    ...parseCommandLine(sourcedLine(lines, line)),
    variable: undefined,
    quoting: 'plain',
  });
  const used = read(0);
  return { used, commandLines: [used, ...lines.slice(1).map((_, index) => read(index + 1))] };
}

/** All parameters of a file with the command line that each is in. */
export function* parametersOf(tree: CommandLines): Generator<{ parameter: Parameter; line: WrittenCommandLine }> {
  for (const line of tree.commandLines) for (const parameter of line.parameters) yield { parameter, line };
}
