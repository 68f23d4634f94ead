import { choicesOf } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:02:00.0
  class: 0300
0000:02:00.1
  class: 0403
== end
`;

export const multifunction = startRule({
  id: 'mdev/multifunction',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `hostpci` entry asks for a mediated device (`mdev=`) on something that comes to several functions: a list, or an address without a function.',
    why: 'A mediated device is made on one function. The VM does not start.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: «02:00.0;02:00.1»,mdev=nvidia-63\n',
      fixed: 'hostpci0: 02:00.0,mdev=nvidia-63\n',
      good: 'hostpci0: 02:00.0,mdev=nvidia-63\n',
    },
    {
      bad: 'hostpci0: «02:00»,mdev=nvidia-63\n',
      fixed: 'hostpci0: 02:00.0,mdev=nvidia-63\n',
      good: 'hostpci0: 02:00.0,mdev=nvidia-63\n',
      host,
    },
  ],
  needs: ['hostpciN.mdev'],
  *find({ settings, file, world }) {
    for (const entry of settings.family('hostpci')) {
      if (!property(entry, 'mdev')) continue;
      const [choice] = choicesOf(world, file, entry) ?? [];
      const count = choice && choice.items.length > 1 ? choice.items.length : (choice?.functions?.length ?? 1);
      if (!choice || count < 2) continue;
      const name = property(entry, 'mapping') ? 'mapping' : 'host';
      const first = choice.items[0];
      const single = first && (first.function ? first.text : `${first.text}.0`);
      yield {
        span: atProperty(entry, name),
        message: `A mediated device belongs to one function, and this is ${count}. ${noStart} Name the function.`,
        fixes: name === 'host' && single ? [fixIn(file, `Use ${single}`, setProperty(entry, 'host', single))] : [],
      };
    }
  },
});
