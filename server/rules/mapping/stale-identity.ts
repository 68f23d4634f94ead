import { deviceLabel } from '../../../host/inventory.ts';
import { inventoryOfNode } from '../../facts/nodeInventory.ts';
import { kindOf, partOf } from '../../languages/pciMapping/config.ts';
import { type Mismatch, mismatchesOf } from '../../languages/pciMapping/mismatches.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';
import { identityFixes } from './identityFixes.ts';

export const staleIdentity: Rule<SectionConfig> = {
  id: 'mapping/stale-identity',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A `map` line says something else of its device than the host: another `id`, `subsystem-id` or `iommugroup`, or an address where the host has no device. Lines of nodes whose devices are not known are not judged.',
    why: 'Proxmox compares them before it hands the device over, so that a VM never gets another device after cards were moved. A VM with this mapping does not start on that node until the line is right.',
    source: 'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm assert_valid: ids of every address, the group of the first one',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=«1»\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=2\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=2\n\tmap node=pve2,path=0000:01:00.0,id=10de:1b80,iommugroup=14\n',
      host: true,
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:03:00.0,id=«10de:2584»,subsystem-id=«1458:4131»,iommugroup=«1»\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=2\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,subsystem-id=1458:4131,iommugroup=2\n',
      host: true,
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0;«0000:01:00.1»,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00,id=10de:2584\n',
      host: true,
    },
  ],
  *check(file, world) {
    if (kindOf(file) !== 'pci') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const node = partOf(entry, 'node')?.value.text;
        const inventory = node === undefined ? undefined : inventoryOfNode(world, file, node);
        if (!inventory || node === undefined) continue;
        for (const mismatch of mismatchesOf(entry, inventory)) {
          yield {
            span: tokenSpan(entry.line, mismatch.token),
            message: `${tell(mismatch, node)} A VM with this mapping does not start there.`,
            fixes: identityFixes(file, entry, mismatch, inventory),
          };
        }
      }
    }
  },
};

function tell({ key, item, fn, wanted }: Mismatch, node: string): string {
  if (!fn) return `${node} has no device at ${item.text}.`;
  if (wanted === null) return `The device at ${item.text} on ${node} is in no IOMMU group, and the line says one.`;
  const what = `The device at ${item.text} on ${node} (${deviceLabel(fn)})`;
  return key === 'iommugroup'
    ? `${what} is in IOMMU group ${wanted}.`
    : `${what} has ${key} ${wanted}; every address of a line is compared with it.`;
}
