import type { Inventory } from '../../../host/inventory.ts';
import { nodeMappings } from '../../facts/passedDevices.ts';
import { type MapEntry, partOf } from '../../languages/pciMapping/config.ts';
import { comparedFunction } from '../../languages/pciMapping/identity.ts';
import { mismatchesOf } from '../../languages/pciMapping/mismatches.ts';
import { property } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atProperty, noStart, startRule } from '../startRule.ts';

const site = (id: string): string =>
  `--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=${id},node=pve1,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: mapping=`;

export const mappingUnusable = startRule({
  id: 'hostpci/mapping-unusable',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `hostpci` entry uses a mapping whose entry for this node does not describe the device that is there.',
    why: 'Before a start Proxmox compares id, IOMMU group and subsystem id with the hardware as text. Where they differ, the VM does not start; `pci.cfg` has to be corrected.',
    source: 'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm assert_valid, observed',
  },
  examples: [{ bad: `${site('10DE:1B80')}«gpu»\n`, good: `${site('10de:1b80')}gpu\n` }],
  needs: ['hostpciN.mapping'],
  *find({ settings, file, world }) {
    const mappings = nodeMappings(world, file, 'pci');
    const inventory = inventoryOf(world, file);
    for (const entry of settings.family('hostpci')) {
      const mapping = mappings?.get(property(entry, 'mapping')?.value.text ?? '');
      if (!mapping?.here || mapping.here.length === 0) continue;
      const faults = mapping.here.map(one => faultOf(one, inventory));
      const fault = faults[0];
      if (fault === undefined || faults.some(one => one === undefined)) continue;
      yield {
        span: atProperty(entry, 'mapping'),
        message: `The mapping ${mapping.id} does not fit this node: ${fault}. ${noStart} Correct it in pci.cfg.`,
        related: mapping.here.map(one => ({
          uri: mapping.uri,
          span: tokenSpan(one.line, one.value),
          message: `what ${mapping.id} says of this node`,
        })),
      };
    }
  },
});

/** Why Proxmox refuses a `map` line on its node; `undefined` where it does not, as far as is known. */
function faultOf(entry: MapEntry, inventory: Inventory | undefined): string | undefined {
  const upper = ['id', 'subsystem-id'].find(key => /[A-F]/.test(partOf(entry, key)?.value.text ?? ''));
  if (upper !== undefined)
    return `${upper} has capital letters, and the ids of the hardware are compared in lower case`;
  if (!inventory) return undefined;
  for (const { key, token, wanted } of mismatchesOf(entry, inventory)) {
    if (key === 'path') return `there is no device at ${token.text}`;
    return `${key} is ${wanted ?? 'not there'}, not ${token.text}`;
  }
  return missing(entry, inventory);
}

function missing(entry: MapEntry, inventory: Inventory): string | undefined {
  const path = partOf(entry, 'path')?.value.text.split(';')[0];
  const group = path === undefined ? undefined : comparedFunction(inventory, path)?.iommuGroup;
  if (group === undefined || group === null || partOf(entry, 'iommugroup')) return undefined;
  return `it has no iommugroup, and the device is in group ${group}`;
}
