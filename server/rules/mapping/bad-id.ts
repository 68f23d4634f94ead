import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';

export const badId: Rule<SectionConfig> = {
  id: 'mapping/bad-id',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'The name of a mapping is not one that Proxmox accepts: a letter first, then letters, digits, `_` and `-`, at least two characters.',
    why: 'Proxmox skips the whole mapping. A VM that names it does not start.',
    source: 'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm parse_section_header; pve-common, format pve-configid',
  },
  examples: [
    {
      bad: '«1st-gpu»\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'first-gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    { bad: '«gpu:»\n', good: 'gpu\n' },
  ],
  *check(file) {
    for (const { line, token } of problemsWith(file.tree, kindOf(file), 'section-id')) {
      yield {
        span: tokenSpan(line, token),
        message: `Proxmox skips the mapping "${token.text}": a name is a letter, then letters, digits, _ or -, at least two characters in all.`,
      };
    }
  },
};
