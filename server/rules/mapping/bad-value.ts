import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Problem, problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const badValue: Rule<SectionConfig> = {
  id: 'mapping/bad-value',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'The value of a property, or of a sub-property of a `map` line, is not one that Proxmox accepts.',
    why: 'Proxmox ignores the line, so the property is not set, or the mapping means nothing on that node; the line is gone when the file is next written.',
    source:
      'pve-common 9.2.1, PVE/SectionConfig.pm check_value, PVE/JSONSchema.pm; the formats of PVE/Mapping/PCI.pm, USB.pm, Dir.pm',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=«01:00.0»,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      bad: 'gpu\n\tmdev «yes»\n\tmap node=pve1,path=0000:01:00.0,id=«0x10de:0x2584»\n',
      fixed: 'gpu\n\tmdev 1\n\tmap node=pve1,path=0000:01:00.0,id=0x10de:0x2584\n',
      good: 'gpu\n\tmdev\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      path: 'etc/pve/mapping/usb.cfg',
      bad: 'stick\n\t«description»\n\tmap node=pve1,id=046d:c52b,path=«1-4:2»\n',
      good: 'stick\n\tmap node=pve1,id=046d:c52b,path=1-4.2\n',
    },
    {
      path: 'etc/pve/mapping/directory.cfg',
      bad: 'media\n\tmap node=pve1,path=«srv/media»\n',
      good: 'media\n\tmap node=pve1,path=/srv/media\n',
    },
  ],
  *check(file) {
    for (const problem of problemsWith(file.tree, kindOf(file), ...codes)) {
      const where = tokenSpan(problem.line, problem.token);
      const { mended } = problem;
      yield {
        span: where,
        message: messageOf(problem),
        fixes: mended ? [fixIn(file, `Change to "${mended}"`, { span: where, text: mended })] : [],
      };
    }
  },
};

const codes = [
  'value',
  'line-feed',
  'no-value',
  'sub-value',
  'sub-enum',
  'sub-range',
  'sub-incomplete',
  'sub-no-default-key',
] as const;

function messageOf({ code, token, sub, fault }: Problem): string {
  const effect = 'Proxmox ignores the line.';
  switch (code) {
    case 'no-value':
      return `"${token.text}" has no value: ${effect}`;
    case 'line-feed':
      return `The value has a carriage return in it: ${effect}`;
    case 'sub-incomplete':
      return `"${token.text}" is not key=value: ${effect}`;
    case 'sub-no-default-key':
      return `"${token.text}" has no key: a map line is made of key=value parts. ${effect}`;
    default:
      return `${sub === undefined ? '' : `${sub}: `}"${token.text}" ${fault}. ${effect}`;
  }
}
