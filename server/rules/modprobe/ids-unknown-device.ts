import { deviceLabel, type Inventory, isPassiveMember, type PciFunction } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import type { SourceFile } from '../../languages/language.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import type { ModprobeLine, ModprobeTree } from '../../languages/modprobe/tree.ts';
import {
  type DeviceId,
  functionsWithId,
  hasId,
  type IdEntry,
  idEntries,
  idsOf,
  idText,
  withComma,
} from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { distance } from '../../text/nearest.ts';
import type { Token } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1b80
  device-name: GP104 [GeForce GTX 1080]
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

interface Meant {
  readonly text: string;
  readonly label: string;
  /** How many letters differ. */
  readonly far: number;
}

/**
 * The present id that was most likely meant, of those that are not listed: one that is written almost alike, or one of the
 * same vendor that belongs to a listed card or is the only one.
 */
function meantBy(inventory: Inventory, entry: IdEntry, entries: readonly IdEntry[]): Meant | undefined {
  const written = entry.token.text.toLowerCase();
  const taken = inventory.functions.filter(fn => entries.some(({ id }) => id && hasId(fn, id)));
  const slots = new Set(taken.map(fn => slotOf(fn.address)));
  const free = inventory.functions.filter(fn => idText(fn) && !isPassiveMember(fn) && !taken.includes(fn));
  const isOfVendor = (fn: PciFunction): boolean => fn.vendorId === written.slice(0, 4);
  const only = new Set(free.filter(isOfVendor).map(idText)).size === 1;
  const near = free
    .map(fn => ({ fn, text: idText(fn) ?? '', label: deviceLabel(fn), far: distance(written, idText(fn) ?? '') }))
    .filter(({ fn, far }) => far <= 1 || (isOfVendor(fn) && (far <= 2 || only || slots.has(slotOf(fn.address)))));
  return near.sort((a, b) => a.far - b.far)[0];
}

/** VFs that do not exist yet have ids which the host cannot show. */
const mayBeVirtualFunction = (inventory: Inventory, id: DeviceId): boolean =>
  inventory.functions.some(
    fn => (fn.vfTotal ?? 0) > 0 && (fn.vfCount ?? 0) === 0 && Number.parseInt(fn.vendorId ?? '', 16) === id.vendor,
  );
