import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';

export const missingMap: Rule<SectionConfig> = {
  id: 'mapping/missing-map',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A mapping has no `map` line that Proxmox accepts.',
    why: 'Proxmox skips the mapping as if it were not there. A VM that names it does not start.',
    source:
      'pve-common 9.2.1, PVE/SectionConfig.pm check_config; `map` is required in PVE/Mapping/PCI.pm, USB.pm, Dir.pm',
  },
  examples: [
    {
      bad: '«gpu»\n\tdescription the graphics card\n',
      good: 'gpu\n\tdescription the graphics card\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    { bad: '«gpu»\n\tmap node=pve1\n', good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n' },
  ],
  *check(file) {
    for (const { line, token, section } of problemsWith(file.tree, kindOf(file), 'missing-map')) {
      const hasMap = file.tree.nodes.slice(section?.from, section?.to).some(({ key }) => key.text === 'map');
      yield {
        span: tokenSpan(line, token),
        message: hasMap
          ? `No map line of "${token.text}" is valid, so Proxmox skips the mapping.`
          : `"${token.text}" has no map line, so Proxmox skips the mapping: add one for each node that has the device.`,
      };
    }
  },
};
