import { kindOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const whitespaceLine: Rule<SectionConfig> = {
  id: 'mapping/whitespace-line',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A line that looks empty has blanks in it, or the carriage return of a Windows line end.',
    why: 'Only a line without any character ends a mapping. Proxmox warns about this one and goes on, so that what follows, the next mapping too, is taken for a part of the mapping above.',
    source: 'pve-common 9.2.1, PVE/SectionConfig.pm parse_config',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n« »\nnic\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
      fixed:
        'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\nnic\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\nnic\n\tmap node=pve1,path=0000:03:00.0,id=8086:1539\n',
    },
  ],
  *check(file) {
    for (const { line, token } of problemsWith(file.tree, kindOf(file), 'blank-line')) {
      const isReturn = token.text === '\r';
      const where = tokenSpan(line, token);
      // With an indented line below, the line stands in the middle of a mapping, which it would cut in two.
      const below = file.lines.slice(line + 1).find(text => text.trim() !== '');
      const fix = below !== undefined && /^\s/.test(below) ? fixIn : safeFixIn;
      yield {
        span: where,
        message: `This line is not empty: it has ${isReturn ? 'a carriage return' : 'blanks'} in it, so it does not end the mapping above.`,
        fixes: [fix(file, isReturn ? 'Remove the carriage return' : 'Empty the line', { span: where, text: '' })],
      };
    }
  },
};
