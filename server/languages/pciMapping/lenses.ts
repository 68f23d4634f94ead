import { functionAt, type Inventory, type PciFunction, slotMembers } from '../../../host/inventory.ts';
import { parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { groupTitles, listTitle, needTitles } from '../deviceLenses.ts';
import type { Lens, SourceFile, Surroundings } from '../language.ts';
import { configOf, stored, textOfProperty } from '../vmConf/config.ts';
import { vmFiles } from '../vmConf/siblingFiles.ts';
import { kindOf, type MapEntry, mapEntries, partOf, pathItems, propertyOf } from './config.ts';
import { inventoryFor } from './hosts.ts';

/**
 * Above a mapping of PCI devices: which VMs use it. Above each of its `map` lines: what else the IOMMU group of the node's
 * device holds, what the node needs it for.
 */
export function mappingLenses(file: SourceFile<SectionConfig>, around: Surroundings): readonly Lens[] {
  if (kindOf(file) !== 'pci') return [];
  const users = usersByMapping(around);
  return file.tree.sections.flatMap(section => [
    ...listTitle('Used by', users.get(section.id.text) ?? []).map(title => ({
      span: tokenSpan(section.header, section.id),
      title,
    })),
    ...deviceLenses(file.tree, section, around),
  ]);
}

/** The VMs that name a mapping, as they are called, on all nodes. */
function usersByMapping(around: Surroundings): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const file of around.siblings(vmFiles)) {
    const { main, next } = configOf(file);
    const mappings = next.family('hostpci').flatMap(entry => textOfProperty(entry, 'mapping') ?? []);
    if (mappings.length === 0) continue;
    const name = stored(main, 'name');
    const id = file.place.vmid === undefined ? 'a VM' : `VM ${file.place.vmid}`;
    const label = name === undefined ? id : `${id} (${name})`;
    for (const mapping of new Set(mappings)) users.set(mapping, [...(users.get(mapping) ?? []), label]);
  }
  return users;
}

function deviceLenses(tree: SectionConfig, section: ConfigSection, around: Surroundings): readonly Lens[] {
  // Of a device that is shared out in mediated ones the function itself stays on the host.
  if (propertyOf(tree, section, 'mdev')?.value.text === '1') return [];
  return [...mapEntries(tree, section)].flatMap(entry => {
    const inventory = inventoryFor(around, partOf(entry, 'node')?.value.text);
    const functions = inventory ? functionsIn(entry, inventory) : [];
    if (!inventory || functions.length === 0) return [];
    const titles = [...groupTitles(functions, new Set(functions), inventory), ...needTitles(functions, inventory)];
    return titles.map(title => ({ span: tokenSpan(entry.line, entry.key), title }));
  });
}

/** Everything that a VM gets by a `map` line: the functions of all its addresses. */
function functionsIn(entry: MapEntry, inventory: Inventory): readonly PciFunction[] {
  const path = partOf(entry, 'path')?.value;
  return (path ? pathItems(path) : []).flatMap(item => {
    const found = parseSlotOrFunction(item.text);
    if (!found) return [];
    return found.function ? (functionAt(inventory, found.function) ?? []) : slotMembers(inventory, found.slot);
  });
}
