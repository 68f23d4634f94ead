import { inventoryOfNode } from '../../facts/nodeInventory.ts';
import { kindOf, partOf, pathItems } from '../../languages/pciMapping/config.ts';
import { changeProperties, comparedFunction, identityOf } from '../../languages/pciMapping/identity.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { isOlder } from '../../values/version.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const missingSubsystemId: Rule<SectionConfig> = {
  id: 'mapping/missing-subsystem-id',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: "A `map` line lacks `subsystem-id` or `iommugroup`, and the device on the line's node has one.",
    why: 'What the device has, the line must say: without it a VM that uses the mapping does not start there. Lines that were written by hand, by Terraform or by an older Proxmox VE often lack them.',
    source: 'pve-guest-common, PVE/Mapping/PCI.pm assert_valid',
    since: 'libpve-guest-common-perl 5.1.4',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=«0000:01:00.0»,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,iommugroup=2,subsystem-id=1458:4131\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00,id=10de:2584,iommugroup=2,subsystem-id=1458:4131\n\tmap node=pve2,path=0000:01:00,id=10de:2584\n',
      host: true,
    },
  ],
  *check(file, world) {
    if (kindOf(file) !== 'pci') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const path = partOf(entry, 'path')?.value;
        const [first] = path ? pathItems(path) : [];
        const node = partOf(entry, 'node')?.value.text ?? '';
        const inventory = inventoryOfNode(world, file, node);
        const fn = first && comparedFunction(inventory, first.text);
        // Before 5.1.4 a property that one side lacks was not compared.
        if (!fn || isOlder(inventory?.versions.guestCommon, '5.1.4')) continue;
        const { id: _, ...needed } = identityOf(fn);
        const missing = Object.entries(needed).filter(([key, text]) => typeof text === 'string' && !partOf(entry, key));
        if (missing.length === 0) continue;
        const words = missing.map(([key, text]) => `${key}=${text}`);
        yield {
          span: tokenSpan(entry.line, first),
          message: `The device at ${first.text} on ${node} has ${words.join(' and ')}, and this line does not say so: a VM with this mapping does not start there.`,
          fixes: [
            fixIn(
              file,
              `Add ${words.join(',')}`,
              ...changeProperties(entry, Object.fromEntries(missing) as Record<string, string>),
            ),
          ],
        };
      }
    }
  },
};
