import { slotOf } from '../../../host/pciAddress.ts';
import { inventoryOfNode } from '../../facts/nodeInventory.ts';
import type { SourceFile } from '../../languages/language.ts';
import { kindOf, type MapEntry, partOf, pathItems } from '../../languages/pciMapping/config.ts';
import { comparedAddress, comparedFunction, mapValue } from '../../languages/pciMapping/identity.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { World } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const pathSemicolon: Rule<SectionConfig> = {
  id: 'mapping/path-semicolon',
  severity: 'warning',
  language: pciMapping,
  docs: {
    what: 'The `path` of one `map` line names devices in different slots.',
    why: 'With semicolons they are handed over together, as one multifunction device, and all must have the same ids. To let Proxmox take the first that is free, each needs a `map` line of its own. The help text of the property says otherwise.',
    source:
      'qemu-server, PVE/QemuServer/PCI.pm, observed: several paths of a line become one device, several lines are alternatives',
  },
  examples: [
    {
      bad: 'nic\n\tmap node=pve1,path=«0000:03:00.0;0000:00:1f.6»,id=8086:1539\n',
      fixed:
        'nic\n\tmap id=8086:1539,iommugroup=12,node=pve1,path=0000:03:00.0,subsystem-id=1849:1539\n\tmap id=8086:15b8,iommugroup=11,node=pve1,path=0000:00:1f.6,subsystem-id=1849:15b8\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0;0000:01:00.1,id=10de:2584\n',
      host: true,
    },
  ],
  *check(file, world) {
    if (kindOf(file) !== 'pci') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const path = partOf(entry, 'path')?.value;
        const slots = new Set(path && pathItems(path).map(({ text }) => slotOfItem(text)));
        if (!path || slots.size < 2 || slots.has(undefined)) continue;
        yield {
          span: tokenSpan(entry.line, path),
          message: `A VM gets these ${pathItems(path).length} devices together. If the first free one was meant, write a map line for each.`,
          fixes: split(file, world, entry),
        };
      }
    }
  },
};

function slotOfItem(item: string): string | undefined {
  const address = comparedAddress(item);
  return address && slotOf(address);
}

/** A line for each device, with the ids that the host reports; only where it reports them all. */
function split(file: SourceFile, world: World, entry: MapEntry): readonly Fix[] {
  const node = partOf(entry, 'node')?.value.text;
  const path = partOf(entry, 'path')?.value;
  const inventory = node === undefined ? undefined : inventoryOfNode(world, file, node);
  if (!path || node === undefined) return [];
  const values = pathItems(path).map(({ text }) => {
    const fn = comparedFunction(inventory, text);
    return fn && mapValue(node, text, fn);
  });
  if (values.some(value => value === undefined)) return [];
  const text = values.join('\n\tmap ');
  return [fixIn(file, 'Write a map line for each device', { span: tokenSpan(entry.line, entry.value), text })];
}
