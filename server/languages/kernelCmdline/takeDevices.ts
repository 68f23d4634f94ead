import { functionAt } from '../../../host/inventory.ts';
import type { PciAddress } from '../../../host/pciAddress.ts';
import { isLiteral } from '../../syntax/commandLine.ts';
import type { Edit } from '../../text/edit.ts';
import type { Surroundings } from '../language.ts';
import { hasId, idText, parseDeviceId } from '../modprobe/vfioIds.ts';
import { appendWords } from './quoting.ts';
import type { WrittenCommandLine } from './tree.ts';

/**
 * Adds the ids of devices to the `vfio-pci.ids=` that counts, the last of the lines, or writes one at the end of the last
 * line. Each id stands there once; ids that the list covers already are left out.
 */
export function takeDevices(
  lines: readonly WrittenCommandLine[],
  addresses: readonly string[],
  { inventory }: Surroundings,
): readonly Edit[] {
  const functions = addresses.flatMap(address => (inventory && functionAt(inventory, address as PciAddress)) ?? []);
  const last = lines.flatMap(line => line.parameters).findLast(one => one.id === 'vfio_pci.ids' && isLiteral(one));
  const listed = (last?.items ?? []).filter(({ text }) => text !== '').map(({ text }) => parseDeviceId(text));
  const missing = functions.filter(fn => !listed.some(id => id && hasId(fn, id))).flatMap(fn => idText(fn) ?? []);
  const ids = [...new Set(missing)].join(',');
  if (ids === '') return [];
  if (last) {
    const { endLine, end } = last.value.span;
    const text = last.hasEquals ? (listed.length === 0 ? ids : `,${ids}`) : `=${ids}`;
    return [{ span: { line: endLine, start: end, endLine, end }, text }];
  }
  const target = lines.at(-1);
  const edit = target && appendWords(target, [`vfio-pci.ids=${ids}`]);
  return edit ? [edit] : [];
}
