import type { Position } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { completeHeader, completeKey } from './completeKey.ts';
import { completePart, completeScalar } from './completePart.ts';
import { slotAt } from './slot.ts';
import type { VmConf } from './tree.ts';

/** What can be written at a place of a VM's configuration. Looks at the line and at what is cached of its section. */
export function completeVmConf(file: SourceFile<VmConf>, at: Position, around: Surroundings): readonly Suggestion[] {
  const slot = slotAt(file.tree, at);
  switch (slot?.kind) {
    case 'key':
      return completeKey(file.tree, slot, around);
    case 'header':
      return completeHeader(file.tree, slot, around);
    case 'scalar':
      return completeScalar(file.tree, slot, at.column, around);
    case 'part':
      return completePart(file.tree, slot, at.column, around);
    default:
      return [];
  }
}
