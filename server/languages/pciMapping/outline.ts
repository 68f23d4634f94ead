import { deviceLabel } from '../../../host/inventory.ts';
import { type ConfigSection, lastLineOf, type SectionConfig } from '../../syntax/sectionConfig.ts';
import { visibleLength } from '../../text/lines.ts';
import { type Position, type Span, span, tokenSpan, tokenTouches, touches } from '../../text/span.ts';
import { configId } from '../../values/names.ts';
import type { Hint, NameKind, NameUse, SourceFile, Surroundings, SymbolNode } from '../language.ts';
import { kindOf, type MappingKind, mapEntries, partOf, pathItems, propertiesOf, readMapEntry } from './config.ts';
import { inventoryFor } from './hosts.ts';
import { comparedFunction } from './identity.ts';

type File = SourceFile<SectionConfig>;

/** A symbol for each mapping, with one for each of its `map` lines. */
export const mappingSymbols = ({ tree }: File): readonly SymbolNode[] =>
  tree.sections.map(section => ({
    name: section.id.text,
    kind: 'section',
    span: sectionSpan(tree, section),
    nameSpan: tokenSpan(section.header, section.id),
    children: [...mapEntries(tree, section)].map(entry => {
      const path = partOf(entry, 'path') ?? partOf(entry, 'id');
      return {
        name: partOf(entry, 'node')?.value.text ?? entry.value.text,
        kind: 'device' as const,
        span: span(entry.line, 0, visibleLength(tree.lines[entry.line] ?? '')),
        nameSpan: tokenSpan(entry.line, entry.value),
        ...(path ? { detail: path.value.text } : {}),
      };
    }),
  }));

const nameKinds: Readonly<Record<MappingKind, NameKind>> = {
  pci: 'pci-mapping',
  usb: 'usb-mapping',
  dir: 'dir-mapping',
};

/** Every section with a valid id gives that id a meaning in the whole cluster, even while it lacks a `map` line. */
export const mappingNames = (file: File): readonly NameUse[] =>
  file.tree.sections
    .filter(section => configId.check(section.id.text) === undefined)
    .map(section => ({
      kind: nameKinds[kindOf(file)],
      name: section.id.text,
      role: 'definition',
      span: tokenSpan(section.header, section.id),
      scope: 'cluster',
      renamable: true,
    }));

/** The device's name behind each address of `path=`. */
export function mappingHints(file: File, around: Surroundings): readonly Hint[] {
  if (kindOf(file) !== 'pci') return [];
  return file.tree.sections.flatMap(section =>
    [...mapEntries(file.tree, section)].flatMap(entry => {
      const path = partOf(entry, 'path');
      const inventory = inventoryFor(around, partOf(entry, 'node')?.value.text);
      if (!path || !inventory) return [];
      return pathItems(path.value).flatMap(item => {
        const fn = comparedFunction(inventory, item.text);
        return fn ? [{ at: { line: entry.line, column: item.end }, label: deviceLabel(fn) }] : [];
      });
    }),
  );
}

/** Item, value, part, whole value, line, section. */
export function mappingSelections({ tree }: File, at: Position): readonly Span[] {
  const section = tree.sections.find(({ header, to }) => header <= at.line && at.line < to);
  if (!section) return [];
  const spans = [sectionSpan(tree, section), span(at.line, 0, visibleLength(tree.lines[at.line] ?? ''))];
  for (const property of propertiesOf(tree, section)) {
    if (property.line !== at.line) continue;
    spans.push(tokenSpan(at.line, property.value), tokenSpan(at.line, property.key));
    const part = readMapEntry(property).parts.find(({ whole }) => tokenTouches(whole, at.column));
    if (part && property.key.text === 'map')
      spans.push(...[part.whole, part.key, part.value, ...pathItems(part.value)].map(one => tokenSpan(at.line, one)));
  }
  return nested(spans.filter(one => touches(one, at)));
}

/** The smallest first, equal ones and empty ones once. */
function nested(spans: readonly Span[]): readonly Span[] {
  const growing: Span[] = [];
  for (const one of [...spans].reverse()) {
    const last = growing.at(-1);
    const contains =
      !last ||
      (one.line <= last.line &&
        one.endLine >= last.endLine &&
        (one.line < last.line || (one.start <= last.start && one.end >= last.end)));
    const isSame =
      last &&
      last.line === one.line &&
      last.endLine === one.endLine &&
      last.start === one.start &&
      last.end === one.end;
    if (contains && !isSame) growing.push(one);
  }
  return growing;
}

function sectionSpan(tree: SectionConfig, section: ConfigSection): Span {
  const endLine = lastLineOf(tree, section);
  return { line: section.header, start: 0, endLine, end: visibleLength(tree.lines[endLine] ?? '') };
}
