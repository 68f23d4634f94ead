import type { PciFunction } from '../../../host/inventory.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { type Edit, insertLine } from '../../text/edit.ts';
import type { Lines } from '../../text/lines.ts';
import type { Position } from '../../text/span.ts';
import { wholeCards } from '../../values/wholeCards.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { kindOf, mapEntries, partOf, pathItems } from './config.ts';
import { comparedAddress, comparedFunction, mapValue } from './identity.ts';

/** One value of `path=` with the function whose ids stand beside it. */
interface Device {
  readonly path: string;
  readonly fn: PciFunction;
}

/**
 * A `map` line for each device in the section at the position. Elsewhere, and behind the last line of the file, new
 * sections, one for each kind of device: several of a kind in one section are alternatives, of which a VM gets the first
 * that is free. A card of which all functions are wanted is one device.
 */
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
  const devices = wholeCards(addresses, inventory).flatMap(path => {
    const fn = comparedFunction(inventory, path);
    return fn && !known.has(path) ? [{ path, fn }] : [];
  });
  const lineOf = ({ path, fn }: Device): string => `\tmap ${mapValue(node, path, fn)}`;
  if (devices.length === 0) return [];
  if (section) return [insertLine(file.lines, section.to, devices.map(lineOf).join('\n'))];
  const taken = new Set(file.tree.sections.map(one => one.id.text));
  const fresh = byKind(devices).map(alike => [freeName(taken, alike[0] as Device), ...alike.map(lineOf)].join('\n'));
  return [atTheEnd(file.lines, fresh.join('\n\n'))];
}

/** Sections have an empty line between them: what follows another line directly is part of the section before. */
function atTheEnd(lines: Lines, text: string): Edit {
  const isEnded = lines.at(-1) === '';
  const before = isEnded ? lines.at(-2) : lines.at(-1);
  const gap = before === undefined || before === '' ? '' : '\n';
  return insertLine(lines, lines.length, `${gap}${text}${isEnded ? '' : '\n'}`);
}

function pathsIn(tree: SectionConfig, section: SectionConfig['sections'][number], node: string): readonly string[] {
  return [...mapEntries(tree, section)]
    .filter(entry => partOf(entry, 'node')?.value.text === node)
    .flatMap(entry => {
      const path = partOf(entry, 'path')?.value;
      return path ? pathItems(path).flatMap(item => [item.text, comparedAddress(item.text) ?? item.text]) : [];
    });
}

function byKind(devices: readonly Device[]): readonly (readonly Device[])[] {
  const kinds = new Map<string, Device[]>();
  for (const device of devices) {
    const kind = `${device.fn.vendorId}:${device.fn.deviceId}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), device]);
  }
  return [...kinds.values()];
}

/** `gpu`, `nic`, `nvme` or `device`, with a number where that is taken. */
function freeName(taken: Set<string>, { fn }: Device): string {
  const base = names[fn.classId ?? ''] ?? names[fn.classId?.slice(0, 2) ?? ''] ?? 'device';
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  taken.add(name);
  return name;
}

const names: Readonly<Record<string, string>> = {
  '03': 'gpu',
  '02': 'nic',
  '0108': 'nvme',
  '01': 'storage',
  '04': 'audio',
  '0c03': 'usb',
};
