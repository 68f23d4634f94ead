import type { Language } from '../language.ts';
import { completeParameter } from './complete.ts';
import { describeParameter } from './hover.ts';
import { idHints, moduleUses, parameterSelections, parameterSymbols, parameterTokens } from './outline.ts';
import { takeDevices } from './takeDevices.ts';
import { type KernelCmdlineTree, parseKernelCmdline } from './tree.ts';

/** /etc/kernel/cmdline: what proxmox-boot-tool gives the kernel where systemd-boot starts it. */
export const kernelCmdline: Language<KernelCmdlineTree> = {
  id: 'kernel-cmdline',
  name: 'kernel command line',
  patterns: ['**/etc/kernel/cmdline'],
  lineComment: undefined,
  parse: parseKernelCmdline,
  complete: (file, at, around) => completeParameter(file.tree, at, around),
  hover: (file, at, around) => describeParameter(file.tree, at, around),
  takeDevices: (file, _at, addresses, around) => takeDevices([file.tree.used], addresses, around),
  symbols: file => parameterSymbols(file.tree.used.parameters),
  names: file => moduleUses(file.tree),
  hints: (file, around) => idHints(file.tree, around),
  selections: (file, at) => parameterSelections(file.tree, at),
  semanticTokens: file => parameterTokens(file.tree),
};
