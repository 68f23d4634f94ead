import type { Inventory } from './inventory.ts';
import { sectionFormats } from './snapshotFormat.ts';
import { formatVersion, sectionHeading } from './snapshotText.ts';

/**
 * The inventory as the text of a snapshot. `parseSnapshot` gives back an equal inventory: nothing is lost, and a
 * second trip changes nothing.
 */
export function renderSnapshot(inventory: Inventory): string {
  const sections = sectionFormats.flatMap(format => {
    const body = format.write(inventory);
    // A listing that somebody pasted seldom shows the whole host, and absence in it must not be taken for a fact.
    const part = format.name === 'pci functions' && !inventory.complete;
    return body ? [sectionHeading(format.name, part ? 'partly' : 'ok'), ...body, ''] : [];
  });
  return [`hostpci snapshot ${formatVersion}`, '', ...sections, '== end', ''].join('\n');
}
