import { tokenSpan } from '../../text/span.ts';
import { claimLabels, groupTitles, listTitle, needTitles } from '../deviceLenses.ts';
import type { Lens, SourceFile, Surroundings } from '../language.ts';
import { configOf } from './config.ts';
import { handedOver } from './hostDevices.ts';
import { usesMdev } from './machine.ts';
import type { VmConf } from './tree.ts';

/**
 * Above a `hostpciN` line: what else its IOMMU group holds, who else claims the device, what the host needs it for.
 * Mediated devices leave the function on the host, so nothing of that concerns them.
 */
export function vmConfLenses(file: SourceFile<VmConf>, around: Surroundings): readonly Lens[] {
  const { inventory } = around;
  if (!inventory) return [];
  const entries = configOf(file)
    .next.family('hostpci')
    .filter(entry => !usesMdev(entry));
  const given = entries.map(entry => ({ entry, functions: handedOver(entry, around).flatMap(one => one.functions) }));
  const all = new Set(given.flatMap(({ functions }) => functions));
  return given.flatMap(({ entry, functions }) => {
    const titles = [
      ...groupTitles(functions, all, inventory),
      ...listTitle('Also claimed by', claimLabels(functions, around, ['vm', 'container'])),
      ...needTitles(functions, inventory),
    ];
    return titles.map(title => ({ span: tokenSpan(entry.line, entry.node.key), title }));
  });
}
