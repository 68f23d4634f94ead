import type { Inventory, PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { mapEntries, partOf } from '../languages/pciMapping/config.ts';
import { mapValue } from '../languages/pciMapping/identity.ts';
import type { SectionConfig } from '../syntax/sectionConfig.ts';
import { type Edit, insertLine } from '../text/edit.ts';
import { membersOf } from './handovers.ts';
import type { Item } from './passedDevices.ts';

/** A mapping that stands for a device: one that is there, or one to be added. */
export interface MappingDraft {
  readonly name: string;
  /** Adds the mapping to its file; `undefined` where it is there. */
  readonly edit: Edit | undefined;
}

/** The mapping to use for a device of a node; `undefined` where the device is not known well enough to describe it. */
export function draftMapping(
  file: SourceFile<SectionConfig>,
  inventory: Inventory,
  item: Item,
): MappingDraft | undefined {
  const { node } = inventory;
  const [fn] = membersOf(inventory, item);
  if (node === undefined || !fn?.vendorId || !fn.deviceId || fn.iommuGroup === undefined) return undefined;
  const path = item.function ?? item.slot;
  const there = file.tree.sections.find(section => {
    const here = [...mapEntries(file.tree, section)].filter(one => partOf(one, 'node')?.value.text === node);
    return here.length === 1 && here[0] && partOf(here[0], 'path')?.value.text === path;
  });
  if (there) return { name: there.id.text, edit: undefined };
  const name = freeName(file.tree, fn);
  const flag = fn.mdevTypes?.length ? '\tmdev 1\n' : '';
  const text = `${name}\n${flag}\tmap ${mapValue(node, path, fn)}`;
  const isEmpty = file.lines.every(line => line.trim() === '');
  return { name, edit: insertLine(file.lines, file.lines.length, isEmpty ? text : `\n${text}`) };
}

/** The longest prefix is the last. */
const kinds: readonly (readonly [prefix: string, name: string])[] = [
  ['03', 'gpu'],
  ['02', 'nic'],
  ['01', 'storage'],
  ['0108', 'nvme'],
  ['0c03', 'usb'],
];

function freeName(tree: SectionConfig, fn: PciFunction): string {
  const base = kinds.findLast(([prefix]) => fn.classId?.startsWith(prefix))?.[1] ?? 'device';
  const taken = new Set(tree.sections.map(section => section.id.text));
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  return name;
}
