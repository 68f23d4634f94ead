import type { SourceFile } from '../../languages/language.ts';
import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { problemsWith } from '../../languages/pciMapping/read.ts';
import { mappingSchemas } from '../../languages/pciMapping/schema.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { nearest } from '../../text/nearest.ts';
import { type Token, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const unknownKey: Rule<SectionConfig> = {
  id: 'mapping/unknown-key',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A mapping has a property that mappings of its kind do not have.',
    why: 'Proxmox warns in its log, ignores the line, and leaves it out when it next writes the file.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm check_value; the properties of PVE/Mapping/PCI.pm, USB.pm, Dir.pm',
  },
  examples: [
    {
      bad: 'gpu\n\t«mdevs» 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmdev 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      bad: 'gpu\n\t«mdev=1»\n\t«map:» node=pve1,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmdev 1\n\tmap: node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      path: 'etc/pve/mapping/usb.cfg',
      bad: 'stick\n\t«mdev» 1\n\tmap node=pve1,id=046d:c52b\n',
      good: 'stick\n\tdescription receiver\n\tmap node=pve1,id=046d:c52b\n',
    },
  ],
  *check(file) {
    const known = Object.keys(mappingSchemas[kindOf(file)].properties);
    for (const { line, token } of problemsWith(file.tree, kindOf(file), 'unknown-key')) {
      const fixes = fixesOf(file, line, token, known);
      yield {
        span: tokenSpan(line, token),
        message: `"${token.text}" is no property of a mapping in this file (there are ${known.join(', ')}): Proxmox ignores the line.`,
        fixes,
      };
    }
  },
};

function fixesOf(file: SourceFile, line: number, token: Token, known: readonly string[]): readonly Fix[] {
  const [, key = '', value = ''] = /^([a-z-]+)[=:](.*)$/.exec(token.text) ?? [];
  const meant = known.includes(key)
    ? `${key}${value === '' ? '' : ` ${value}`}`
    : nearest(token.text.toLowerCase(), known, token.text.length > 4 ? 2 : 1);
  return meant === undefined
    ? []
    : [fixIn(file, `Change to "${meant}"`, { span: tokenSpan(line, token), text: meant })];
}
