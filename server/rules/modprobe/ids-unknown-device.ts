import type { SourceFile } from '../../languages/language.ts';
import { mayBeVirtualFunction, meantBy } from '../../languages/modprobe/meantId.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import type { ModprobeLine, ModprobeTree } from '../../languages/modprobe/tree.ts';
import { functionsWithId, hasIds, idEntries, idsOf, withComma } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import type { Token } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1b80 GP104 [GeForce GTX 1080]
0000:01:00.1
  class: 0403
  vendor: 10de
  device: 10f0
== end
`;

export const idsUnknownDevice: Rule<ModprobeTree> = {
  id: 'modprobe/ids-unknown-device',
  severity: 'warning',
  language: modprobe,
  docs: {
    what: 'An entry of `ids=` for vfio-pci is the id of no device that the host has.',
    why: 'vfio-pci then waits for a device that never comes, and the one that was meant keeps its usual driver.',
    source: 'kernel, drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids; the ids that the host reports in sysfs',
  },
  examples: [
    {
      bad: 'options vfio-pci ids=«10de:1b81»,10de:10f0\n',
      fixed: 'options vfio-pci ids=10de:1b80,10de:10f0\n',
      good: 'options vfio-pci ids=10de:1b80,10de:10f0\n',
      host,
    },
  ],
  mayFind: ({ tree }) => tree.picks.of(hasIds).length > 0,
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory?.complete) return;
    for (const { node, ids } of idsOf(file.tree)) {
      const entries = idEntries(ids.value);
      for (const entry of entries) {
        if (!entry.id || functionsWithId(inventory, entry.id).length > 0) continue;
        const meant = meantBy(inventory, entry, entries);
        if ((!meant || meant.far > 2) && mayBeVirtualFunction(inventory, entry.id)) continue;
        const hint = meant ? ` Was ${meant.text} (${meant.label}) meant?` : '';
        yield {
          span: spanIn(node.line, entry.token),
          message: `No device of this host has the id ${entry.token.text}, so vfio-pci takes nothing for it.${hint}`,
          fixes: fixes(file, node, ids.value, entry.token, meant?.text),
        };
      }
    }
  },
};

function fixes(
  file: SourceFile,
  node: ModprobeLine,
  list: Token,
  entry: Token,
  meant: string | undefined,
): readonly Fix[] {
  const remove = fixIn(file, `Remove ${entry.text}`, editOf(node, withComma(list, entry), ''));
  return meant === undefined ? [remove] : [fixIn(file, `Change to ${meant}`, editOf(node, entry, meant)), remove];
}
