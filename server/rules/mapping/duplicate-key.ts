import type { SourceFile } from '../../languages/language.ts';
import { kindOf, mapEntries } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Problem, problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { deleteLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const duplicateKey: Rule<SectionConfig> = {
  id: 'mapping/duplicate-key',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A property other than `map` stands twice in a mapping, or a sub-property twice in one `map` line.',
    why: 'Of a property Proxmox keeps the first and ignores the others; a `map` line that says something twice it refuses as a whole.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm parse_config, PVE/JSONSchema.pm parse_property_string',
  },
  examples: [
    {
      bad: 'gpu\n\tmdev 0\n\t«mdev» 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmdev 0\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev 0\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\tmap node=pve1,path=0000:02:00.0,id=10de:2584\n',
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,«node»=pve2\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
  ],
  *check(file) {
    for (const problem of problemsWith(file.tree, kindOf(file), 'duplicate-key', 'sub-duplicate')) {
      const { line, token, code } = problem;
      yield {
        span: tokenSpan(line, token),
        message:
          code === 'duplicate-key'
            ? `"${token.text}" is set above: Proxmox keeps the first and ignores this line.`
            : `"${token.text}" is set before on this line: Proxmox refuses the whole line.`,
        fixes:
          code === 'duplicate-key'
            ? [fixIn(file, 'Remove the line', deleteLine(file.lines, line))]
            : removal(file, problem),
      };
    }
  },
};

function removal(file: SourceFile<SectionConfig>, { line, section, token }: Problem): readonly Fix[] {
  const entry = section && [...mapEntries(file.tree, section)].find(one => one.line === line);
  const part = entry?.parts.find(({ whole }) => whole.start <= token.start && token.end <= whole.end);
  // The first part cannot repeat another, so a comma stands before this one.
  if (!part || part === entry?.parts[0]) return [];
  return [
    fixIn(file, `Remove "${part.whole.text}"`, { span: span(line, part.whole.start - 1, part.whole.end), text: '' }),
  ];
}
