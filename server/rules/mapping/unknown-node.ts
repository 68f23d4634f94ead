import { clusterMembers, nodeNames } from '../../facts/nodeInventory.ts';
import { kindOf, partOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const unknownNode: Rule<SectionConfig> = {
  id: 'mapping/unknown-node',
  severity: 'warning',
  language: pciMapping,
  docs: {
    what: 'A `map` line is for a node that is not in the cluster, as far as one of its hosts told the members. Nodes whose files or devices are there as well are not meant.',
    why: 'The line has no effect. If another node was meant, a VM that uses the mapping does not start there.',
    source:
      'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm get_node_mapping: node names are compared as text, upper and lower case too',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=«PVE1»,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      host: true,
    },
  ],
  *check(file, world) {
    const members = clusterMembers(world, file);
    if (!members) return;
    const seen = new Set(nodeNames(world, file));
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const node = partOf(entry, 'node')?.value;
        if (!node || seen.has(node.text)) continue;
        const where = tokenSpan(entry.line, node);
        const lower = node.text.toLowerCase();
        const meant = members.has(lower) ? lower : nearest(lower, members, 1);
        yield {
          span: where,
          message: `The cluster has no node "${node.text}" (it has ${[...members].sort().join(', ')}): this line has no effect.`,
          fixes: meant === undefined ? [] : [fixIn(file, `Change to "${meant}"`, { span: where, text: meant })],
        };
      }
    }
  },
};
