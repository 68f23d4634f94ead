import { spanOf } from '../../facts/handovers.ts';
import { draftMapping } from '../../facts/mappingDraft.ts';
import { clusterMembers, nodesInPaths } from '../../facts/nodeInventory.ts';
import { choicesOf, type Item } from '../../facts/passedDevices.ts';
import type { SourceFile } from '../../languages/language.ts';
import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Entry, property } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf, siblingsOf, type World } from '../../workspace/world.ts';
import type { Fix } from '../rule.ts';
import { type Start, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 2584
  group: 2
== cluster nodes: ok
pve1
  online: yes
pve2
  online: yes
== end
`;
const cfg = '--- etc/pve/mapping/pci.cfg\nnic\n\tmap id=8086:1539,node=pve1,path=0000:03:00.0\n';
const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\n';

export const localHostpci = startRule({
  id: 'migrate/local-hostpci',
  severity: 'info',
  since: '8.3.9',
  docs: {
    what: 'In a cluster of several nodes a VM names a PCI device by address.',
    why: 'Such a VM cannot be migrated, not even while it is off. With a resource mapping it can, offline, to every node that the mapping has a device on; and it refuses to start with another device than the one that is meant.',
    source: 'qemu-server 9.2.6, PVE/QemuMigrate/Helpers.pm check_non_migratable_resources, observed',
  },
  examples: [
    {
      bad: `${cfg}${vm}hostpci0: «0000:01:00.0»,pcie=1\nmachine: q35\n`,
      fixed: `${cfg}\ngpu\n\tmap id=10de:2584,iommugroup=2,node=pve1,path=0000:01:00.0\n${vm}hostpci0: mapping=gpu,pcie=1\nmachine: q35\n`,
      good: `${cfg}${vm}hostpci0: mapping=nic\n`,
      host,
    },
  ],
  needs: ['hostpciN'],
  *find(start) {
    const { settings, file, world } = start;
    if (countNodes(world, file) < 2) return;
    for (const entry of settings.family('hostpci')) {
      const items = property(entry, 'mapping') ? [] : (choicesOf(world, file, entry)?.[0]?.items ?? []);
      const [first] = items;
      if (!first) continue;
      yield {
        span: spanOf(entry, first),
        message:
          'A device that is named by address keeps the VM on this node: no migration, online or offline. A resource mapping lifts that.',
        fixes: items.length === 1 ? fixesOf(start, entry, first) : [],
      };
    }
  },
});

/** As a host has told, else as the paths of the site say. */
const countNodes = (world: World, file: SourceFile): number =>
  clusterMembers(world, file)?.size ?? nodesInPaths(world, file).length;

/** Only where the file of the mappings is at hand. */
function fixesOf({ world, file }: Start, entry: Entry, item: Item): readonly Fix[] {
  const inventory = inventoryOf(world, file);
  const mappings = siblingsOf(world, file, pciMapping).find(other => kindOf(other) === 'pci');
  const host = property(entry, 'host');
  const draft = inventory && mappings && draftMapping(mappings, inventory, item);
  if (!mappings || !host || !draft) return [];
  const use = { uri: file.uri, span: tokenSpan(entry.line, host.part.whole), text: `mapping=${draft.name}` };
  return [
    draft.edit
      ? { title: `Make a mapping ${draft.name} and use it`, edits: [{ uri: mappings.uri, ...draft.edit }, use] }
      : { title: `Use the mapping ${draft.name}`, edits: [use] },
  ];
}
