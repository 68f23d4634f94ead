import { grub } from '../languages/grub/grub.ts';
import { commonVariable, defaultVariable } from '../languages/grub/tree.ts';
import { inSourcingOrder } from '../languages/grub/variables.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import type { WrittenCommandLine } from '../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../languages/language.ts';
import { filesOf, siblingsOf, type World } from '../workspace/world.ts';
import type { BootSource } from './bootArguments.ts';

/** Where a kernel parameter is to be added. */
export interface CommandLinePlace {
  readonly file: SourceFile;
  readonly line: WrittenCommandLine;
}

/**
 * The used line of /etc/kernel/cmdline; of GRUB the last assignment that holds for normal menu entries, else for all. Of the
 * host that a file belongs to; without a file of a world that is one host.
 */
export function commandLinePlace(world: World, source: BootSource, of?: SourceFile): CommandLinePlace | undefined {
  if (source !== 'grub') {
    const [file] = of ? siblingsOf(world, of, kernelCmdline) : filesOf(world, kernelCmdline);
    return file && file.tree.used.parameters.length > 0 ? { file, line: file.tree.used } : undefined;
  }
  const files = of ? siblingsOf(world, of, grub) : filesOf(world, grub);
  const held = inSourcingOrder(files).flatMap(file =>
    file.tree.commandLines.filter(line => line.assignment.holds === true).map(line => ({ file, line })),
  );
  return (
    held.findLast(({ line }) => line.variable === defaultVariable) ??
    held.findLast(({ line }) => line.variable === commonVariable)
  );
}
