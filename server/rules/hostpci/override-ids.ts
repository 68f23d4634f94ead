import { property } from '../../languages/vmConf/config.ts';
import { hostAddresses } from '../../languages/vmConf/machine.ts';
import { atPart, observed, startRule } from '../startRule.ts';

const firstOnly = ['vendor-id', 'device-id', 'sub-vendor-id', 'sub-device-id', 'romfile', 'rombar', 'x-vga'];

export const overrideIds = startRule({
  id: 'hostpci/override-ids',
  severity: 'info',
  since: '7.1-5',
  docs: {
    what: 'A `hostpci` entry with several addresses sets ids, ROM settings or `x-vga`.',
    why: 'They apply to the first function of the entry only. Give the others entries of their own where they need them too.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00.0;01:00.1,«vendor-id=0x10de»\n',
      good: 'hostpci0: 01:00.0,vendor-id=0x10de\nhostpci1: 01:00.1\n',
    },
  ],
  needs: ['hostpciN'],
  *find({ settings }) {
    for (const entry of settings.family('hostpci')) {
      const [first, ...others] = hostAddresses(entry);
      if (!first || others.length === 0) continue;
      for (const name of firstOnly) {
        if (!property(entry, name)) continue;
        yield { span: atPart(entry, name), message: `${name} applies to ${first.token.text} only, the first address.` };
      }
    }
  },
});
