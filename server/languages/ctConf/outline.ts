import { deviceLabel, functionAt } from '../../../host/inventory.ts';
import { parsePropertyString } from '../../syntax/propertyString.ts';
import { visibleLength } from '../../text/lines.ts';
import { type Position, type Span, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import { parseVolumeId } from '../../values/volume.ts';
import type { Fold, Hint, NameUse, SourceFile, Surroundings, SymbolNode } from '../language.ts';
import { entriesOf, propertiesIn } from './config.ts';
import { nodeUses } from './devices.ts';
import { type CtConf, type CtSection, sectionAt } from './tree.ts';

type File = SourceFile<CtConf>;

/** The lines of the main section, and a symbol for each other section with its lines below it. */
export const ctSymbols = ({ tree }: File): readonly SymbolNode[] =>
  tree.sections.flatMap(section => {
    const header = tree.nodes[section.header];
    const lines = linesOf(tree, section);
    if (!header) return lines;
    return [
      {
        name: section.name,
        kind: 'section' as const,
        span: wholeOf(tree, section),
        nameSpan: tokenSpan(section.header, header.key),
        children: lines,
      },
    ];
  });

function linesOf(tree: CtConf, section: CtSection): readonly SymbolNode[] {
  return tree.nodes.slice(section.from, section.to).flatMap((node, offset) => {
    if (node.kind !== 'entry' && node.kind !== 'raw') return [];
    const line = section.from + offset;
    return [
      {
        name: node.key.text,
        detail: node.value.text,
        kind: /^dev[0-9]/.test(node.key.text) ? ('device' as const) : ('key' as const),
        span: span(line, 0, visibleLength(tree.lines[line] ?? '')),
        nameSpan: tokenSpan(line, node.key),
      },
    ];
  });
}

/** Sections, and comments of more than one line. */
export function ctFolds({ tree }: File): readonly Fold[] {
  const folds: Fold[] = tree.sections
    .filter(({ header }) => header >= 0)
    .map(section => ({ from: section.header, to: wholeOf(tree, section).endLine }));
  for (let line = 0; line < tree.nodes.length; line++) {
    let last = line;
    while (tree.nodes[last + 1]?.kind === 'comment' && tree.nodes[line]?.kind === 'comment') last++;
    if (last > line) folds.push({ from: line, to: last, kind: 'comment' });
    line = last;
  }
  return folds.filter(({ from, to }) => to > from);
}

/** Snapshots with the places that name them as parent, and the storages of volumes. */
export const ctNames = ({ tree }: File): readonly NameUse[] =>
  tree.sections.flatMap(section => {
    const header = tree.nodes[section.header];
    const isSnapshot = header && section.kind === 'snapshot';
    return [
      ...(isSnapshot ? [snapshot(section.name, 'definition', tokenSpan(section.header, header.key))] : []),
      ...[...entriesOf(tree, section)].flatMap(entry => {
        if (entry.key.text === 'parent') return [snapshot(entry.value.text, 'use', tokenSpan(entry.line, entry.value))];
        const volume = propertiesIn(entry).get('volume')?.value;
        const storage = volume && parseVolumeId(volume.text)?.storage;
        return volume && storage
          ? [storageUse(storage, span(entry.line, volume.start, volume.start + storage.length))]
          : [];
      }),
    ];
  });

/** The storage knows a snapshot by its name too, so renaming it in the file alone would lose it. */
const snapshot = (name: string, role: NameUse['role'], where: Span): NameUse => ({
  kind: 'snapshot',
  name,
  role,
  span: where,
  scope: 'file',
  renamable: false,
});

const storageUse = (name: string, where: Span): NameUse => ({
  kind: 'storage',
  name,
  role: 'use',
  span: where,
  scope: 'cluster',
  renamable: false,
});

/** The device's name behind each node that is handed to the container. */
export function ctHints({ tree }: File, { inventory }: Surroundings): readonly Hint[] {
  if (!inventory?.deviceNodes) return [];
  const addresses = new Map(inventory.deviceNodes.map(node => [node.path, node.address]));
  return tree.sections.flatMap(section =>
    [...nodeUses(tree, section)].flatMap(({ entry, path }) => {
      const address = addresses.get(path.text);
      const fn = address && functionAt(inventory, address);
      return fn ? [{ at: { line: entry.line, column: path.end }, label: deviceLabel(fn) }] : [];
    }),
  );
}

/** Value, part, whole value, line, section: ever larger. */
export function ctSelections({ tree }: File, at: Position): readonly Span[] {
  const node = tree.nodes[at.line];
  if (!node) return [];
  const part = parsePropertyString(node.value).find(({ whole }) => tokenTouches(whole, at.column));
  const inLine = node.kind === 'entry' && part ? [part.value, part.key, part.whole] : [];
  const tokens = [...inLine, node.value, node.key].filter(one => one.end > one.start && tokenTouches(one, at.column));
  const spans = tokens.map(one => tokenSpan(at.line, one));
  spans.push(span(at.line, 0, visibleLength(tree.lines[at.line] ?? '')), wholeOf(tree, sectionAt(tree, at.line)));
  return spans.filter((one, index) => index === 0 || contains(one, spans[index - 1] as Span));
}

const contains = (outer: Span, inner: Span): boolean =>
  outer.line < inner.line || outer.endLine > inner.endLine || outer.start < inner.start || outer.end > inner.end;

/** From the header to the last line that is not blank. */
function wholeOf(tree: CtConf, section: CtSection): Span {
  let last = section.to - 1;
  while (last > Math.max(0, section.header) && tree.nodes[last]?.kind === 'blank') last--;
  last = Math.max(0, last);
  return { line: Math.max(0, section.header), start: 0, endLine: last, end: visibleLength(tree.lines[last] ?? '') };
}
