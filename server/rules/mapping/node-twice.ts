import { kindOf, partOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import { mappingSchemas } from '../../languages/pciMapping/schema.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { deleteLine } from '../../text/edit.ts';
import { type Span, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const nodeTwice: Rule<SectionConfig> = {
  id: 'mapping/node-twice',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A USB or directory mapping has more than one `map` line for the same node.',
    why: 'Only PCI mappings have alternatives. A VM that uses this mapping does not start on that node.',
    source:
      'pve-guest-common 6.0.2, PVE/Mapping/Dir.pm find_on_current_node; qemu-server, PVE/QemuServer/USB.pm, observed',
  },
  examples: [
    {
      path: 'etc/pve/mapping/usb.cfg',
      bad: 'stick\n\tmap node=pve1,id=046d:c52b\n\tmap node=«pve1»,id=046d:c534\n\tmap node=pve2,id=046d:c534\n',
      fixed: 'stick\n\tmap node=pve1,id=046d:c52b\n\tmap node=pve2,id=046d:c534\n',
      good: 'stick\n\tmap node=pve1,id=046d:c52b\n\tmap node=pve2,id=046d:c534\n',
    },
  ],
  *check(file) {
    const kind = kindOf(file);
    if (mappingSchemas[kind].severalPerNode !== 'error') return;
    for (const section of file.tree.sections) {
      const seen = new Map<string, Span>();
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const node = partOf(entry, 'node')?.value;
        const first = node && seen.get(node.text);
        if (node && !first) seen.set(node.text, tokenSpan(entry.line, node));
        if (!node || !first) continue;
        yield {
          span: tokenSpan(entry.line, node),
          message: `"${section.id.text}" has a line for ${node.text} above. With two, a VM that uses it does not start there; write a second mapping for the other.`,
          related: [{ uri: file.uri, span: first, message: 'The line above.' }],
          fixes: [fixIn(file, 'Remove the line', deleteLine(file.lines, entry.line))],
        };
      }
    }
  },
};
