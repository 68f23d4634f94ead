import { kindOf, partOf, pathItems } from '../../languages/pciMapping/config.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const impossiblePath: Rule<SectionConfig> = {
  id: 'mapping/impossible-path',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A `path` passes the check of the file, but no PCI device can have such an address: another character than a dot before the function, a function above 7 or a device above 1f.',
    why: 'The check of the file takes any character there and any hexadecimal digit. No device is found at such an address, so a VM that uses the mapping does not start.',
    source:
      'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm: the dot of its pattern is not escaped; PCI: 32 devices a bus, 8 functions a device',
  },
  examples: [
    {
      bad: 'gpu\n\tmap node=pve1,path=«0000:01:00:0»,id=10de:2584\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
    },
    {
      bad: 'gpu\n\tmap node=pve1,path=0000:01:00.0;«0000:01:00.8»,id=10de:2584\n\tmap node=pve2,path=«0000:01:20»,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0;0000:01:00.7,id=10de:2584\n\tmap node=pve2,path=0000:01:1f,id=10de:2584\n',
    },
  ],
  *check(file) {
    if (kindOf(file) !== 'pci') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const path = partOf(entry, 'path')?.value;
        for (const item of path ? pathItems(path) : []) {
          const fault = faultOf(item.text);
          const span = tokenSpan(entry.line, item);
          const dotted = item.text.replace(/^(.*:[0-9a-f]{2})[^.]([0-7])$/, '$1.$2');
          if (fault === undefined) continue;
          yield {
            span,
            message: `No PCI device can be at ${item.text}: ${fault}.`,
            fixes: dotted === item.text ? [] : [fixIn(file, `Change to ${dotted}`, { span, text: dotted })],
          };
        }
      }
    }
  },
};

/** `undefined` for possible addresses, and for those that the file's own check refuses. */
function faultOf(item: string): string | undefined {
  const found = /^[a-f0-9]{4,}:[a-f0-9]{2}:([a-f0-9]{2})(?:(.)([a-f0-9]))?$/.exec(item);
  if (!found) return undefined;
  const [, device = '', separator = '.', fn = '0'] = found;
  if (separator !== '.') return 'a dot stands before the function';
  if (fn > '7') return 'functions go from 0 to 7';
  return Number.parseInt(device, 16) > 0x1f ? 'devices go from 00 to 1f' : undefined;
}
