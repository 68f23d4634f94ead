import type { Language } from '../language.ts';
import { completeCtConf } from './complete.ts';
import { hoverCtConf } from './hover.ts';
import { ctConfLenses } from './lenses.ts';
import { ctFolds, ctHints, ctNames, ctSelections, ctSymbols } from './outline.ts';
import { takeDevices } from './takeDevices.ts';
import { type CtConf, parseCtConf } from './tree.ts';

/** `/etc/pve/nodes/NODE/lxc/CTID.conf`: the configuration of a container. */
export const ctConf: Language<CtConf> = {
  id: 'pve-ct-conf',
  name: 'container configuration',
  patterns: ['**/pve/lxc/*.conf', '**/pve/nodes/*/lxc/*.conf'],
  // A `#` line is the container's notes, so no comment may carry a suppression.
  lineComment: undefined,
  parse: parseCtConf,
  complete: completeCtConf,
  hover: hoverCtConf,
  symbols: ctSymbols,
  folds: ctFolds,
  names: ctNames,
  hints: ctHints,
  lenses: ctConfLenses,
  selections: ctSelections,
  takeDevices,
};
