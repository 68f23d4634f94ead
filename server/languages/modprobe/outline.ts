import { deviceLabel } from '../../../host/inventory.ts';
import { offsetIn, spanIn, wholeOf } from '../../syntax/wordLines.ts';
import { compareSpans, type Position, type Span, touches } from '../../text/span.ts';
import type { Fold, Hint, NameUse, SourceFile, Surroundings, SymbolKind, SymbolNode } from '../language.ts';
import { parametersOf } from './arguments.ts';
import { linesWith } from './linesRead.ts';
import { modulesOf, slotAt } from './slot.ts';
import { canonicalName, isAccepted, type ModprobeTree, nodeAt, type ReadLine } from './tree.ts';
import { functionsWithId, idEntries, idsOf } from './vfioIds.ts';

type File = SourceFile<ModprobeTree>;

/** A symbol for every line that kmod accepts, with its parameters below it. */
export const modprobeSymbols = ({ tree, lines }: File): readonly SymbolNode[] =>
  linesWith(tree, isAccepted).map(node => {
    const text = node.line.text.slice(node.rest.start, node.rest.end).trim();
    const children = parametersOf(node).map(parameter => ({
      name: parameter.name.text,
      kind: 'key' as const,
      span: spanIn(node.line, parameter.whole),
      nameSpan: spanIn(node.line, parameter.name),
      ...(parameter.hasEquals ? { detail: parameter.value.text } : {}),
    }));
    return {
      name: `${node.kind} ${node.name.text}`,
      kind: (node.kind === 'alias' ? 'string' : 'module') satisfies SymbolKind,
      span: wholeOf(lines, node.line),
      nameSpan: spanIn(node.line, node.name),
      ...(node.kind === 'blacklist' || text === '' ? {} : { detail: text }),
      ...(children.length > 0 ? { children } : {}),
    };
  });

/** Runs of comment lines, runs of lines with the same command, and lines that are continued. */
export function modprobeFolds({ tree: { nodes, starts }, lines }: File): readonly Fold[] {
  const folds: Fold[] = [];
  for (let at = 0; at < nodes.length; ) {
    const { kind } = nodes[at] as ReadLine;
    const from = starts[at] as number;
    while (nodes[at]?.kind === kind) at++;
    const to = (starts[at] ?? lines.length) - 1;
    if (kind !== 'blank' && to > from) folds.push({ from, to, kind: kind === 'comment' ? 'comment' : 'region' });
  }
  return folds;
}

/** Every module that is named, in the spelling in which kmod compares. */
export const modprobeNames = ({ tree }: File): readonly NameUse[] =>
  linesWith(tree, isAccepted).flatMap(node =>
    modulesOf(node).map(token => ({
      kind: 'module' as const,
      name: canonicalName(token.text.trim()),
      role: 'use' as const,
      span: spanIn(node.line, token),
      scope: 'node' as const,
      renamable: false,
    })),
  );

/** The device's name behind each id of `ids=`. */
export function modprobeHints({ tree }: File, { inventory }: Surroundings): readonly Hint[] {
  if (!inventory) return [];
  const hints: Hint[] = [];
  for (const { node, ids } of idsOf(tree)) {
    for (const { token, id } of idEntries(ids.value)) {
      const devices = id ? functionsWithId(inventory, id) : [];
      const [first] = devices;
      if (!first) continue;
      const { endLine, end } = spanIn(node.line, token);
      const label = deviceLabel(first);
      hints.push({
        at: { line: endLine, column: end },
        label: devices.length > 1 ? `${label} ×${devices.length}` : label,
        tooltip: devices.map(fn => fn.address).join(' '),
      });
    }
  }
  return hints;
}

/** Ever larger: the word or id, the value, the parameter, the logical line. */
export function modprobeSelections({ tree, lines }: File, at: Position): readonly Span[] {
  const node = nodeAt(tree, at);
  const slot = slotAt(tree, at);
  const offset = offsetIn(node.line, at);
  const parameter = parametersOf(node).find(({ whole }) => whole.start <= offset && offset <= whole.end);
  const tokens = [slot?.token, parameter?.value, parameter?.whole].filter(token => token !== undefined);
  const spans = [...tokens.map(token => spanIn(node.line, token)), wholeOf(lines, node.line)];
  return spans
    .filter(where => touches(where, at))
    .filter((where, index, all) => index === 0 || compareSpans(where, all[index - 1] as Span) !== 0);
}
