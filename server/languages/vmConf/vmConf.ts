import type { Language } from '../language.ts';
import { completeVmConf } from './complete.ts';
import { vmConfFolds } from './folds.ts';
import { vmConfHints } from './hints.ts';
import { hoverVmConf } from './hover.ts';
import { vmConfLenses } from './lenses.ts';
import { vmConfNames } from './names.ts';
import { vmConfRefactorings } from './refactor.ts';
import { vmConfSelections } from './selections.ts';
import { vmConfSignature } from './signature.ts';
import { formattedVmConf, sortRefactoring } from './sort.ts';
import { vmConfSymbols } from './symbols.ts';
import { takeDevices } from './takeDevices.ts';
import { parseVmConf, type VmConf } from './tree.ts';

/** `/etc/pve/nodes/NODE/qemu-server/VMID.conf`: the configuration of a virtual machine. */
export const vmConf: Language<VmConf> = {
  id: 'pve-vm-conf',
  name: 'VM configuration',
  patterns: ['**/qemu-server/*.conf'],
  // A `#` line is the VM's notes, so no comment may carry a suppression.
  lineComment: undefined,
  parse: parseVmConf,
  complete: completeVmConf,
  takeDevices,
  hover: hoverVmConf,
  symbols: vmConfSymbols,
  folds: vmConfFolds,
  names: vmConfNames,
  hints: vmConfHints,
  lenses: vmConfLenses,
  signature: vmConfSignature,
  selections: vmConfSelections,
  format: formattedVmConf,
  refactorings: (file, at, around) => [...vmConfRefactorings(file, at, around), ...sortRefactoring(file)],
};
