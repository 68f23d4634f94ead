import type { SourceFile } from '../../languages/language.ts';
import { kindOf, mapEntries, propertyOf } from '../../languages/pciMapping/config.ts';
import { changeProperties } from '../../languages/pciMapping/identity.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Problem, problemsWith } from '../../languages/pciMapping/read.ts';
import { propertySchema } from '../../languages/pciMapping/schema.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { insertLine } from '../../text/edit.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const unknownProperty: Rule<SectionConfig> = {
  id: 'mapping/unknown-property',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A `map` line has a sub-property that such lines do not have.',
    why: 'Proxmox refuses the whole line: the mapping then means nothing on that node.',
    source:
      'pve-common 9.2.1, PVE/JSONSchema.pm parse_property_string; the formats of PVE/Mapping/PCI.pm, USB.pm, Dir.pm',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,«iommu-group»=2\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,iommugroup=2\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584,iommugroup=2\n',
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,«mdev»=1,id=10de:2584\n',
      fixed: 'gpu\n\tmdev 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev 1\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
  ],
  *check(file) {
    const kind = kindOf(file);
    const known = Object.keys(propertySchema(kind, 'map')?.properties ?? {});
    for (const problem of problemsWith(file.tree, kind, 'sub-unknown')) {
      const { line, token } = problem;
      const meant = nearest(token.text.toLowerCase().replaceAll('_', '-'), known, token.text.length > 4 ? 2 : 1);
      const replace = (text: string): Fix => fixIn(file, `Change to "${text}"`, { span: tokenSpan(line, token), text });
      yield {
        span: tokenSpan(line, token),
        message: `"${token.text}" is no property of a map line (there are ${known.join(', ')}): Proxmox refuses the whole line.`,
        fixes: [...(meant === undefined ? [] : [replace(meant)]), ...moveUp(file, problem)],
      };
    }
  },
};

/** What belongs to the mapping as a whole moves to a line of its own there. */
function moveUp(file: SourceFile<SectionConfig>, { line, section, token }: Problem): readonly Fix[] {
  const isMappings = propertySchema(kindOf(file), token.text) !== undefined && token.text !== 'map';
  if (!section || !isMappings || propertyOf(file.tree, section, token.text)) return [];
  const entry = [...mapEntries(file.tree, section)].find(one => one.line === line);
  const part = entry?.parts.find(({ key }) => key.start === token.start);
  if (!entry || !part) return [];
  const own = insertLine(file.lines, section.from, `\t${token.text} ${part.value.text}`);
  return [
    fixIn(
      file,
      `Make "${token.text}" a property of the mapping`,
      own,
      ...changeProperties(entry, { [token.text]: null }),
    ),
  ];
}
