import { functionAt, type PciFunction } from '../../../host/inventory.ts';
import type { PciAddress } from '../../../host/pciAddress.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { type Edit, insertLine } from '../../text/edit.ts';
import type { Position } from '../../text/span.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { kindOf, mapEntries, partOf, pathItems } from './config.ts';
import { mapValue } from './identity.ts';

/** A `map` line for each device in the section at the position, or a new section where there is none. */
export function takeDevices(
  file: SourceFile<SectionConfig>,
  at: Position,
  addresses: readonly string[],
  { inventory }: Surroundings,
): readonly Edit[] {
  const node = inventory?.node;
  if (!inventory || node === undefined || kindOf(file) !== 'pci') return [];
  const section = file.tree.sections.find(one => one.header <= at.line && at.line <= one.to);
  const known = new Set(section ? pathsIn(file.tree, section, node) : []);
  const functions = addresses.flatMap(address => functionAt(inventory, address as PciAddress) ?? []);
  const lines = functions.filter(fn => !known.has(fn.address)).map(fn => `\tmap ${mapValue(node, fn.address, fn)}`);
  if (lines.length === 0) return [];
  if (section) return [insertLine(file.lines, section.to, lines.join('\n'))];
  const name = freeName(file.tree, functions[0] as PciFunction);
  return [insertLine(file.lines, file.lines.length, `${name}\n${lines.join('\n')}\n`)];
}

const pathsIn = (tree: SectionConfig, section: SectionConfig['sections'][number], node: string): readonly string[] =>
  [...mapEntries(tree, section)]
    .filter(entry => partOf(entry, 'node')?.value.text === node)
    .flatMap(entry => {
      const path = partOf(entry, 'path')?.value;
      return path ? pathItems(path).map(item => item.text) : [];
    });

/** `gpu`, `nic`, `nvme` or `device`, with a number where that is taken. */
function freeName(tree: SectionConfig, fn: PciFunction): string {
  const kinds: Readonly<Record<string, string>> = {
    '03': 'gpu',
    '02': 'nic',
    '0108': 'nvme',
    '01': 'storage',
    '0c03': 'usb',
  };
  const base = kinds[fn.classId ?? ''] ?? kinds[fn.classId?.slice(0, 2) ?? ''] ?? 'device';
  const taken = new Set(tree.sections.map(section => section.id.text));
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}${number}`)) return `${base}${number}`;
}
