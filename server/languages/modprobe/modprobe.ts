import type { Language } from '../language.ts';
import { completeModprobe } from './complete.ts';
import { describeAt } from './hover.ts';
import { modprobeFolds, modprobeHints, modprobeNames, modprobeSelections, modprobeSymbols } from './outline.ts';
import { takeDevices } from './takeDevices.ts';
import { type ModprobeTree, parseModprobe } from './tree.ts';

/** Files of modprobe.d: aliases, blacklists, options, commands and softdeps of kernel modules. */
export const modprobe: Language<ModprobeTree> = {
  id: 'modprobe',
  name: 'module configuration',
  patterns: ['**/modprobe.d/*.conf', '**/modprobe.d/*.CONF', '**/modprobe.d/*.cfg'],
  lineComment: '#',
  parse: parseModprobe,
  complete: completeModprobe,
  hover: (file, at, around) => describeAt(file, at, around, around.siblings(modprobe)),
  symbols: modprobeSymbols,
  folds: modprobeFolds,
  names: modprobeNames,
  hints: modprobeHints,
  selections: modprobeSelections,
  takeDevices,
};
