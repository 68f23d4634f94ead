import { functionAt, type PciFunction } from '../../../host/inventory.ts';
import { tokenSpan } from '../../text/span.ts';
import { claimLabels, listTitle } from '../deviceLenses.ts';
import type { Lens, SourceFile, Surroundings } from '../language.ts';
import type { CtEntry } from './config.ts';
import type { CtConf } from './tree.ts';
import { containerUses } from './uses.ts';

/**
 * Above a line that gives the container a device node: who else uses the device behind it, and which VM takes it away
 * from the host's driver, and so from the container, when it starts.
 */
export function ctConfLenses(file: SourceFile<CtConf>, around: Surroundings): readonly Lens[] {
  const { inventory } = around;
  if (!inventory) return [];
  const functions = new Map<CtEntry, PciFunction[]>();
  for (const { address, entry } of containerUses(file, inventory)) {
    const fn = functionAt(inventory, address);
    if (fn) functions.set(entry, [...(functions.get(entry) ?? []), fn]);
  }
  return [...functions].flatMap(([entry, own]) =>
    [
      ...listTitle('Also claimed by', claimLabels(own, around, ['vm'])),
      ...listTitle('Also used by', claimLabels(own, around, ['container'])),
    ].map(title => ({ span: tokenSpan(entry.line, entry.key), title })),
  );
}
