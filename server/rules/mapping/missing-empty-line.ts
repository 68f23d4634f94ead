import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { problemsWith } from '../../languages/pciMapping/read.ts';
import { propertySchema } from '../../languages/pciMapping/schema.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { insertLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { configId } from '../../values/names.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const missingEmptyLine: Rule<SectionConfig> = {
  id: 'mapping/missing-empty-line',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'The name of a mapping follows the mapping above without an empty line between them.',
    why: 'Proxmox ignores the name and takes the lines below it for a part of the mapping above: one mapping is missing, and the other has devices that it should not have.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm parse_config',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n«nic»\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
      fixed:
        'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\nnic\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\nnic\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
    },
    {
      bad: 'gpu\n«mdev»\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmdev\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
  ],
  *check(file) {
    for (const { line, token, section } of problemsWith(file.tree, kindOf(file), 'header-in-section')) {
      const isKey = propertySchema(kindOf(file), token.text) !== undefined;
      const indent = fixIn(file, 'Indent the line', { span: span(line, 0, 0), text: '\t' });
      const separate = fixIn(file, 'Put an empty line above', insertLine(file.lines, line, ''));
      const isName = configId.check(token.text) === undefined;
      yield {
        span: tokenSpan(line, token),
        message: `"${token.text}" starts no mapping here: without an empty line above, Proxmox ignores it and goes on with "${section?.id.text}".`,
        fixes: isKey ? [indent, separate] : isName ? [separate] : [],
      };
    }
  },
};
