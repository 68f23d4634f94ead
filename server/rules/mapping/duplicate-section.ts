import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type ConfigSection, lastLineOf, type SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';

export const duplicateSection: Rule<SectionConfig> = {
  id: 'mapping/duplicate-section',
  severity: 'warning',
  language: pciMapping,
  docs: {
    what: 'Two mappings of one file have the same name.',
    why: 'The later one replaces the earlier one without a word; the lines of the earlier one are gone when Proxmox next writes the file.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm parse_config',
  },
  examples: [
    {
      bad: '«gpu»\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\ngpu\n\tmap node=pve2,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\tmap node=pve2,path=0000:01:00.0,id=10de:2584\n',
    },
  ],
  *check(file) {
    const last = new Map<string, ConfigSection>(file.tree.sections.map(section => [section.id.text, section]));
    for (const section of file.tree.sections) {
      const later = last.get(section.id.text);
      if (!later || later === section) continue;
      yield {
        span: tokenSpan(section.header, section.id),
        message: `Another "${section.id.text}" below replaces this one: put the lines of both (to line ${lastLineOf(file.tree, section) + 1} here) under one name, or rename one.`,
        related: [{ uri: file.uri, span: tokenSpan(later.header, later.id), message: 'This one counts.' }],
      };
    }
  },
};
