import { kindOf, partOf } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const hexCase: Rule<SectionConfig> = {
  id: 'mapping/hex-case',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'An `id` or `subsystem-id` has hexadecimal digits in upper case.',
    why: "The file may say it, but it is compared as text with the kernel's ids, which are in lower case: it never matches, and a VM that uses the mapping does not start.",
    source: 'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm and USB.pm assert_valid, observed',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=«10DE:2584»\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      path: 'etc/pve/mapping/usb.cfg',
      bad: 'stick\n\tmap node=pve1,id=«046D:C52B»\n',
      fixed: 'stick\n\tmap node=pve1,id=046d:c52b\n',
      good: 'stick\n\tmap node=pve1,id=046d:c52b\n',
    },
  ],
  *check(file) {
    if (kindOf(file) === 'dir') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        for (const key of ['id', 'subsystem-id']) {
          const value = partOf(entry, key)?.value;
          if (!value || !/^[0-9a-fA-F]{4}:[0-9a-fA-F]{4}$/.test(value.text) || !/[A-F]/.test(value.text)) continue;
          const span = tokenSpan(entry.line, value);
          yield {
            span,
            message: `${key} must be in lower case: it is compared as text, and ${value.text} never equals ${value.text.toLowerCase()}.`,
            fixes: [safeFixIn(file, 'Write it in lower case', { span, text: value.text.toLowerCase() })],
          };
        }
      }
    }
  },
};
