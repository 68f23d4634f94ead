import { type Choice, choicesOf, type Item } from '../../facts/passedDevices.ts';
import { type Entry, property } from '../../languages/vmConf/config.ts';
import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';
import { atKey, atProperty, noStart, observed, type Start, startRule } from '../startRule.ts';

export const duplicateDevice = startRule({
  id: 'hostpci/duplicate-device',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'The same PCI function is given to the VM twice: in two `hostpci` entries, or twice in one. An address without a function (`01:00`) is every function of the slot.',
    why: 'A function can be handed over once. The VM does not start. Entries with `mdev=` may share their parent.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,pcie=1\nhostpci1: «01:00.1»,pcie=1\nmachine: q35\n',
      fixed: 'hostpci0: 01:00,pcie=1\nmachine: q35\n',
      good: 'hostpci0: 01:00.0,pcie=1\nhostpci1: 01:00.1,pcie=1\nmachine: q35\n',
    },
    { bad: 'hostpci0: 01:00;«01:00.1»\n', good: 'hostpci0: 01:00.0;01:00.1\n' },
    {
      bad: '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:1b80,node=pve1,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: mapping=gpu\nhostpci1: «0000:01:00.0»\n',
      good: '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:1b80,node=pve1,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: mapping=gpu\nhostpci1: 0000:02:00.0\n',
    },
  ],
  needs: ['hostpciN'],
  *find(start) {
    const taken: { readonly item: Item; readonly entry: Entry }[] = [];
    for (const entry of start.settings.family('hostpci')) {
      const choice = onlyChoice(start, entry);
      for (const item of choice?.items ?? []) {
        const earlier = taken.find(other => overlap(other.item, item));
        if (earlier) yield collision(start, entry, item, earlier.entry);
        taken.push({ item, entry });
      }
    }
  },
});

/** A mapping with alternatives evades a collision; mediated devices share their parent. */
function onlyChoice({ world, file }: Start, entry: Entry): Choice | undefined {
  if (property(entry, 'mdev')) return undefined;
  const choices = choicesOf(world, file, entry);
  return choices?.length === 1 ? choices[0] : undefined;
}

/** A slot without function collides with any function of it: if that function is missing, the start fails for that. */
const overlap = (a: Item, b: Item): boolean =>
  a.slot === b.slot && (a.function === undefined || b.function === undefined || a.function === b.function);

function collision({ file }: Start, entry: Entry, item: Item, earlier: Entry): Finding {
  const isSame = earlier.key === entry.key;
  return {
    span: item.token ? tokenSpan(entry.line, item.token) : atProperty(entry, 'mapping'),
    message: `${item.text} is ${isSame ? 'in this entry already' : `already passed through by ${earlier.key}`}. ${noStart}`,
    fixes: isSame ? [] : [fixIn(file, `Remove ${entry.key}`, deleteLine(file.lines, entry.line))],
    ...(isSame ? {} : { related: [{ uri: file.uri, span: atKey(earlier), message: 'passed through here' }] }),
  };
}
