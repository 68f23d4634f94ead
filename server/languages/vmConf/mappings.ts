import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { type Span, tokenSpan } from '../../text/span.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { kindOf, type MappingKind, mapEntries, partOf, propertyOf } from '../pciMapping/config.ts';
import { pciMapping } from '../pciMapping/pciMapping.ts';

/** A resource mapping of the cluster, as far as a VM's configuration has to know it. */
export interface Mapping {
  readonly id: string;
  readonly description: string | undefined;
  /** What it means on each node, in the order of the file; several for one node are alternatives. */
  readonly entries: readonly MappingEntry[];
  readonly uri: string;
  readonly span: Span;
}

export interface MappingEntry {
  readonly node: string | undefined;
  /** `path=`, or for USB `id=` where there is none. */
  readonly path: string | undefined;
}

/** The mappings of a kind in the files around. */
export const mappingsAround = (around: Surroundings, kind: MappingKind): readonly Mapping[] =>
  around
    .siblings(pciMapping)
    .filter(file => kindOf(file) === kind)
    .flatMap(mappingsOf);

/** What a PCI mapping's first alternative names on the node of the file: `0000:01:00.0`, or several addresses. */
export function mappedAddresses(around: Surroundings, id: string): readonly string[] {
  const found = mappingsAround(around, 'pci').find(mapping => mapping.id === id);
  const entry = found?.entries.find(one => isHere(one, around));
  return entry?.path?.split(';') ?? [];
}

/** Whether an entry of a mapping is about the node of the file, as far as that is known. */
export const isHere = (entry: MappingEntry, around: Surroundings): boolean =>
  around.inventory?.node === undefined || entry.node === undefined || entry.node === around.inventory.node;

const known = new WeakMap<SectionConfig, readonly Mapping[]>();

function mappingsOf(file: SourceFile<SectionConfig>): readonly Mapping[] {
  let mappings = known.get(file.tree);
  if (!mappings) {
    mappings = file.tree.sections.map(section => ({
      id: section.id.text,
      description: propertyOf(file.tree, section, 'description')?.value.text,
      entries: [...mapEntries(file.tree, section)].map(entry => ({
        node: partOf(entry, 'node')?.value.text,
        path: (partOf(entry, 'path') ?? partOf(entry, 'id'))?.value.text,
      })),
      uri: file.uri,
      span: tokenSpan(section.header, section.id),
    }));
    known.set(file.tree, mappings);
  }
  return mappings;
}
