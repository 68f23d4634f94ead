import type { SourceFile } from '../languages/language.ts';
import { kindOf, mapEntries, partOf } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { filesOf, type World } from '../workspace/world.ts';

/** The nodes on which a PCI mapping has a device; `undefined` where the mapping is not known. */
export function nodesOfMapping(world: World, file: SourceFile, id: string): ReadonlySet<string> | undefined {
  for (const other of filesOf(world, pciMapping)) {
    if (other.place.root !== file.place.root || kindOf(other) !== 'pci') continue;
    const section = other.tree.sections.find(one => one.id.text === id);
    if (!section) continue;
    const nodes = [...mapEntries(other.tree, section)].map(entry => partOf(entry, 'node')?.value.text);
    return new Set(nodes.filter(node => node !== undefined));
  }
  return undefined;
}
