import { functionAt } from '../../../host/inventory.ts';
import { haNodes, haResource } from '../../facts/clusterFiles.ts';
import { handoversOf } from '../../facts/handovers.ts';
import { nodesOfMapping } from '../../facts/mappingNodes.ts';
import { clusterMembers, inventoryOfNode } from '../../facts/nodeInventory.ts';
import { type Entry, property } from '../../languages/vmConf/config.ts';
import { listed } from '../deviceRule.ts';
import { atProperty, type Start, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== cluster nodes: ok
pve1
  online: yes
pve2
  online: yes
pve3
  online: yes
== files: ok
/etc/pve/ha/resources.cfg
  | vm: 100
  | 	state started
  |
  | vm: 101
  | 	state started
/etc/pve/ha/rules.cfg
  | node-affinity: with-gpu
  | 	nodes pve1,pve2
  | 	resources vm:101
  | 	strict 1
== end
`;
const site = (vmid: number, name: string): string =>
  `--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:2584,node=pve1,path=0000:01:00.0\n\tmap id=10de:2584,node=pve2,path=0000:41:00.0\n--- etc/pve/nodes/pve1/qemu-server/${vmid}.conf\nhostpci0: mapping=${name}\n`;

export const deviceOnlyOnSomeNodes = startRule({
  id: 'ha/device-only-on-some-nodes',
  severity: 'warning',
  docs: {
    what: 'The HA manager may start a VM on nodes that are known not to have its PCI device: the mapping has no entry for them, or another device is at the address there.',
    why: 'After a failure the VM lands there, does not start, and is tried again and again. A strict node affinity rule (a restricted group before Proxmox VE 9) keeps it on the right nodes.',
    source: 'pve-docs, ha-manager.adoc; qemu-server 9.2.6, PVE/QemuMigrate/Helpers.pm',
  },
  examples: [{ bad: site(100, '«gpu»'), good: site(101, 'gpu'), host }],
  needs: ['hostpciN'],
  *find(start) {
    const { settings, file, world } = start;
    const resource = haResource(world, file);
    if (!resource || /^(?:ignored|disabled)$/.test(resource.state)) return;
    const nodes = haNodes(world, file) ?? clusterMembers(world, file);
    for (const entry of settings.family('hostpci')) {
      const without = [...(nodes ?? [])].filter(node => node !== file.place.node && lacks(start, entry, node)).sort();
      if (without.length === 0) continue;
      yield {
        span: atProperty(entry, property(entry, 'mapping') ? 'mapping' : 'host'),
        message: `HA may start this VM on ${listed(without)}, which ${without.length > 1 ? 'do' : 'does'} not have the device. Bind it to the right nodes with a strict node affinity rule.`,
      };
    }
  },
});

/** Silent about a node of which nothing is known. */
function lacks({ world, file }: Start, entry: Entry, node: string): boolean {
  const mapping = property(entry, 'mapping')?.value.text;
  if (mapping !== undefined) return nodesOfMapping(world, file, mapping)?.has(node) === false;
  const there = inventoryOfNode(world, file, node);
  const passed = handoversOf(world, file).find(one => one.entry === entry)?.passed ?? [];
  return passed.some(({ fn }) => {
    const other = there && functionAt(there, fn.address);
    if (!other) return there?.complete === true;
    return other.vendorId !== fn.vendorId || other.deviceId !== fn.deviceId;
  });
}
