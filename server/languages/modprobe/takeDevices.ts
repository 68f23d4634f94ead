import { functionAt } from '../../../host/inventory.ts';
import type { PciAddress } from '../../../host/pciAddress.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { type Edit, insertLine } from '../../text/edit.ts';
import type { Position } from '../../text/span.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import type { ModprobeTree } from './tree.ts';
import { hasId, idEntries, idsOf, idText } from './vfioIds.ts';

/**
 * Adds the ids of devices to the `ids=` that counts, the last one of the file, or writes an `options vfio-pci` line.
 * Each id stands there once; ids that the list covers already are left out.
 */
export function takeDevices(
  file: SourceFile<ModprobeTree>,
  at: Position,
  addresses: readonly string[],
  { inventory }: Surroundings,
): readonly Edit[] {
  const functions = addresses.flatMap(address => (inventory && functionAt(inventory, address as PciAddress)) ?? []);
  const last = [...idsOf(file.tree)].pop();
  const listed = last ? idEntries(last.ids.value) : [];
  const missing = functions.filter(fn => !listed.some(({ id }) => id && hasId(fn, id))).flatMap(fn => idText(fn) ?? []);
  const ids = [...new Set(missing)].join(',');
  if (ids === '') return [];
  if (!last) return [insertLine(file.lines, lineFor(file, at), `options vfio-pci ids=${ids}`)];
  const { end } = last.ids.value;
  const separator = listed.length === 0 ? '' : ',';
  return [{ span: spanIn(last.node.line, { start: end, end }), text: separator + ids }];
}

/** Behind what stands on the line; on an empty line, in its place. */
const lineFor = (file: SourceFile<ModprobeTree>, at: Position): number =>
  (file.lines[at.line] ?? '').trim() === '' ? at.line : at.line + 1;
