import { type Entry, property } from '../../languages/vmConf/config.ts';
import { removePart } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, atPart, noStart, observed, startRule } from '../startRule.ts';

export const hostAndMapping = startRule({
  id: 'hostpci/host-and-mapping',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `hostpci` entry has both an address (`host`) and a `mapping`, or neither.',
    why: 'The reader lets both pass, but the VM does not start: an entry needs exactly one of the two.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,«mapping=gpu»\nmemory: 4096\n',
      fixed: 'hostpci0: 01:00\nmemory: 4096\n',
      good: 'hostpci0: mapping=gpu\nmemory: 4096\n',
    },
    { bad: '«hostpci0»: rombar=0\n', good: 'hostpci0: 01:00,rombar=0\n' },
  ],
  needs: ['hostpciN'],
  *find({ settings, file }) {
    for (const entry of settings.family('hostpci')) {
      const host = property(entry, 'host');
      const mapping = property(entry, 'mapping');
      if (host && mapping) {
        yield {
          span: atPart(entry, 'mapping'),
          message: `${entry.key} has both an address and a mapping. ${noStart} Keep one of them.`,
          fixes: [
            fixIn(file, `Keep the address ${host.value.text}`, removePart(file.tree, entry.line, mapping.part)),
            fixIn(file, `Keep the mapping ${mapping.value.text}`, removePart(file.tree, entry.line, host.part)),
          ],
        };
      } else if (!host && !mapping) yield { span: atKey(entry), message: nothingNamed(entry) };
    }
  },
});

const nothingNamed = (entry: Entry): string =>
  `${entry.key} names no device: neither an address nor a mapping. ${noStart} Put an address such as 01:00.0 first, or mapping=NAME.`;
