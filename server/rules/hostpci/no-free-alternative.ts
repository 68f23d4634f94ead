import { type Choice, choicesOf } from '../../facts/passedDevices.ts';
import { type Entry, property } from '../../languages/vmConf/config.ts';
import type { Finding } from '../rule.ts';
import { atProperty, noStart, observed, type Start, startRule } from '../startRule.ts';

const site = (lines: string): string =>
  `--- etc/pve/mapping/pci.cfg\nnics\n\tmap id=8086:1572,node=pve1,path=0000:03:00.0\n\tmap id=8086:1572,node=pve1,path=0000:03:00.1\n--- etc/pve/nodes/pve1/qemu-server/100.conf\n${lines}`;

export const noFreeAlternative = startRule({
  id: 'hostpci/no-free-alternative',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'More `hostpci` entries use a mapping than it has alternatives for the node, counting what other entries take.',
    why: 'Each entry takes the first alternative that is still free. The VM does not start when there is none.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: site('hostpci0: mapping=nics\nhostpci1: mapping=nics\nhostpci2: mapping=«nics»\n'),
      good: site('hostpci0: mapping=nics\nhostpci1: mapping=nics\n'),
    },
    {
      bad: site('hostpci0: 03:00\nhostpci1: mapping=«nics»\n'),
      good: site('hostpci0: 03:00.1\nhostpci1: mapping=nics\n'),
    },
  ],
  needs: ['hostpciN'],
  *find(start) {
    yield* takeInTurn(start, start.settings.family('hostpci'));
  },
});

/** Entries without a choice take theirs first, then the others in their order, as the start does. */
function* takeInTurn({ world, file }: Start, entries: readonly Entry[]): Generator<Finding> {
  const wanted = entries
    .filter(entry => !property(entry, 'mdev'))
    .map(entry => ({ entry, choices: choicesOf(world, file, entry) ?? [] }));
  const taken = wanted.filter(({ choices }) => choices.length === 1).map(({ choices }) => choices[0] as Choice);
  for (const { entry, choices } of wanted) {
    if (choices.length < 2) continue;
    const free = choices.find(choice => !taken.some(other => overlap(choice, other)));
    if (free) taken.push(free);
    else {
      yield {
        span: atProperty(entry, 'mapping'),
        message: `All ${choices.length} alternatives of this mapping are taken by other entries of the VM. ${noStart}`,
      };
    }
  }
}

const overlap = (a: Choice, b: Choice): boolean =>
  a.items.some(one =>
    b.items.some(
      other =>
        one.slot === other.slot &&
        (one.function === undefined || other.function === undefined || one.function === other.function),
    ),
  );
