import type { PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { editOf } from '../languages/modprobe/repair.ts';
import { idsOf, idText } from '../languages/modprobe/vfioIds.ts';
import { insertLine } from '../text/edit.ts';
import { siblingsOf, type World } from '../workspace/world.ts';
import { fixIn } from './edits.ts';
import type { Fix } from './rule.ts';

/**
 * Reserves a function for vfio-pci: its id in the one list that there is, and vfio-pci before the driver that has it now.
 * Without a list, or with several, none: which file to write is then a choice, which "Prepare Device" offers.
 */
export function reserveFixes(world: World, file: SourceFile, fn: PciFunction): readonly Fix[] {
  const id = idText(fn);
  const lists = siblingsOf(world, file, modprobe).flatMap(other =>
    [...idsOf(other.tree)].map(({ node, ids }) => ({
      other,
      node,
      end: ids.value.end,
      isEmpty: ids.value.text === '',
    })),
  );
  const [list] = lists;
  if (!id || !fn.driver || !list || lists.length > 1 || list.isEmpty) return [];
  const { other, node, end } = list;
  const softdep = `softdep ${fn.driver} pre: vfio-pci`;
  const hasSoftdep = other.lines.some(line => line.trim() === softdep);
  const order = hasSoftdep ? [] : [insertLine(other.lines, other.lines.length, softdep)];
  return [fixIn(other, `Reserve ${id} for vfio-pci`, editOf(node, { start: end, end }, `,${id}`), ...order)];
}
