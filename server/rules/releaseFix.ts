import type { PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { parametersOf } from '../languages/modprobe/arguments.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { editOf } from '../languages/modprobe/repair.ts';
import { hasId, idEntries, idsOf, withComma } from '../languages/modprobe/vfioIds.ts';
import { deleteLine } from '../text/edit.ts';
import { siblingsOf, type World } from '../workspace/world.ts';
import type { Fix } from './rule.ts';

/** Takes the id of a function out of the lists of vfio-pci, so that the function gets its own driver at the next boot. */
export function releaseFixes(world: World, file: SourceFile, fn: PciFunction): readonly Fix[] {
  if (!fn.vendorId || !fn.deviceId) return [];
  const edits = siblingsOf(world, file, modprobe).flatMap(other =>
    [...idsOf(other.tree)].flatMap(({ node, ids }) => {
      const entries = idEntries(ids.value);
      const own = entries.filter(({ id }) => id && hasId(fn, id));
      if (own.length !== 1 || !own[0]) return [];
      const isAll = entries.length === 1;
      const { from, to } = node.line;
      if (isAll && (parametersOf(node).length > 1 || from !== to)) return [];
      const edit = isAll ? deleteLine(other.lines, from) : editOf(node, withComma(ids.value, own[0].token), '');
      return [{ ...edit, uri: other.uri }];
    }),
  );
  const title = `Leave ${fn.vendorId}:${fn.deviceId} to its own driver`;
  return edits.length === 0 ? [] : [{ title, edits }];
}
