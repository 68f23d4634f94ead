import { type Part, parsePropertyString } from '../../syntax/propertyString.ts';
import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import type { Token } from '../../text/span.ts';
import type { SourceFile } from '../language.ts';

/** What a mapping file maps; each has its file below `/etc/pve/mapping`. */
export type MappingKind = 'pci' | 'usb' | 'dir';

const fileNames: Readonly<Record<string, MappingKind>> = { 'usb.cfg': 'usb', 'directory.cfg': 'dir' };

/** By the file's name; a text without one is taken for PCI mappings. */
export const kindOf = (file: SourceFile): MappingKind =>
  fileNames[file.place.path.slice(file.place.path.lastIndexOf('/') + 1)] ?? 'pci';

/** One `key value` line of a section. */
export interface Property {
  readonly line: number;
  readonly key: Token;
  /** Zero-width where there is none. */
  readonly value: Token;
}

/** A `map` line: what a mapping means on one node. */
export interface MapEntry extends Property {
  readonly parts: readonly Part[];
}

/** The property lines of a section, in order; lines that the reader ignores are left out. */
export function* propertiesOf(tree: SectionConfig, section: ConfigSection): Generator<Property> {
  for (let line = section.from; line < section.to; line++) {
    const node = tree.nodes[line];
    if (node?.shape === 'property') yield { line, key: node.key, value: node.value };
  }
}

/** The first line of a section that sets a property: of several the reader keeps the first. */
export function propertyOf(tree: SectionConfig, section: ConfigSection, key: string): Property | undefined {
  for (const found of propertiesOf(tree, section)) if (found.key.text === key) return found;
  return undefined;
}

/** The `map` lines of a section, in the order in which Proxmox tries them. */
export function* mapEntries(tree: SectionConfig, section: ConfigSection): Generator<MapEntry> {
  for (const found of propertiesOf(tree, section)) {
    if (found.key.text === 'map') yield readMapEntry(found);
  }
}

export const readMapEntry = (property: Property): MapEntry => ({
  ...property,
  parts: parsePropertyString(property.value),
});

/** The part that sets a sub-property, the value not empty; `undefined` where there is none. */
export const partOf = (entry: MapEntry, key: string): Part | undefined =>
  entry.parts.find(part => part.hasEquals && part.key.text === key && part.value.text !== '');

/** The addresses of `path=a;b`, as tokens of the line. */
export function pathItems(path: Token): readonly Token[] {
  let at = path.start;
  return path.text.split(';').map(text => {
    const item = { text, start: at, end: at + text.length };
    at = item.end + 1;
    return item;
  });
}
