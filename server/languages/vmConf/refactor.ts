import { shortAddress } from '../../../host/pciAddress.ts';
import { deleteLine, type Edit } from '../../text/edit.ts';
import { type Span, span, tokenSpan } from '../../text/span.ts';
import { boolean as booleanKind } from '../../values/boolean.ts';
import type { Refactoring, SourceFile, Surroundings } from '../language.ts';
import { addEntry } from './edits.ts';
import { functionsAt } from './hostDevices.ts';
import { optionOf } from './schema.ts';
import { storedSub, subOfPart } from './slot.ts';
import { partsOf, type Section, sectionAt, type VmConf, type VmLine } from './tree.ts';

/** Rewrites around a selection that mend nothing: booleans as digits, lines to the main section, addresses long or short. */
export function vmConfRefactorings(file: SourceFile<VmConf>, at: Span, around: Surroundings): readonly Refactoring[] {
  return [...booleans(file.tree, at), ...toMain(file.tree, at), ...addresses(file.tree, at, around)];
}

/** Words for booleans become the digits that Proxmox writes. */
function booleans(tree: VmConf, at: Span): readonly Refactoring[] {
  const edits: Edit[] = [];
  for (let line = at.line; line <= Math.min(at.endLine, tree.nodes.length - 1); line++) {
    const node = tree.nodes[line] as VmLine;
    if (node.kind === 'entry' && sectionAt(tree, line).kind !== 'special') edits.push(...booleanEdits(node, line));
  }
  return edits.length > 0 ? [{ title: 'Write booleans as 1 and 0', kind: 'rewrite', edits }] : [];
}

function booleanEdits(node: VmLine, line: number): readonly Edit[] {
  const option = optionOf(node.key.text);
  if (!option) return [];
  const values = option.schema.properties
    ? partsOf(node)
        .filter(part => {
          const sub = subOfPart(option.schema, part);
          return sub !== undefined && storedSub(option.schema, sub.name)?.schema.type === 'boolean';
        })
        .map(part => part.value)
    : option.schema.type === 'boolean'
      ? [node.value]
      : [];
  return values.flatMap(value => {
    const isWord = booleanKind.check(value.text) === undefined && value.text !== '0' && value.text !== '1';
    const digit = isWord ? booleanKind.mend?.(value.text) : undefined;
    return digit === undefined ? [] : [{ span: tokenSpan(line, value), text: digit }];
  });
}

/** A line that landed in a snapshot (or that should not wait in `[PENDING]`) moves to where it counts. */
function toMain(tree: VmConf, at: Span): readonly Refactoring[] {
  const section = sectionAt(tree, at.line);
  const node = tree.nodes[at.line];
  const isMovable = section.kind === 'snapshot' || section.kind === 'pending';
  if (at.line !== at.endLine || !isMovable || at.line === section.header || !node || !isSetting(node)) return [];
  const key = node.key.text;
  const edits = [placedInMain(tree, key, node.value.text), deleteLine(tree.lines, at.line)];
  return [{ title: `Move ${key} to the main section`, kind: 'move', edits }];
}

const isSetting = (node: VmLine): boolean =>
  (node.kind === 'entry' || node.kind === 'args') && optionOf(node.key.text) !== undefined;

/** Over the line that the main section has for the key, else as a new one. */
function placedInMain(tree: VmConf, key: string, value: string): Edit {
  const main = tree.sections[0] as Section;
  const line = main.body.findLastIndex(node => node.key.text === key && node.kind !== 'comment');
  const node = main.body[line];
  return node
    ? { span: span(line, node.key.end, node.value.end), text: `: ${value}` }
    : addEntry(tree, main, key, value);
}

/** A card as a whole or function by function, where the host tells which functions it has. */
function addresses(tree: VmConf, at: Span, around: Surroundings): readonly Refactoring[] {
  const node = tree.nodes[at.line];
  const option = node?.kind === 'entry' ? optionOf(node.key.text) : undefined;
  if (!node || at.line !== at.endLine || option?.name !== 'hostpci' || sectionAt(tree, at.line).kind === 'special')
    return [];
  const part = partsOf(node).find(one => subOfPart(option.schema, one)?.name === 'host');
  const { inventory } = around;
  if (!part || part.value.text === '') return [];
  const items = part.value.text.split(';');
  const functions = inventory ? items.map(item => functionsAt(inventory, item).map(fn => fn.address as string)) : [];
  const write = (title: string, text: string): Refactoring => ({
    title,
    kind: 'rewrite',
    edits: [{ span: tokenSpan(at.line, part.value), text }],
  });
  return [
    ...listEach(items, functions).map(text => write('List every function', text)),
    ...asWhole(items, functions, address => (inventory ? functionsAt(inventory, address).length : 0)).map(
      ({ slot, isAll }) =>
        write(
          isAll ? `Write as all functions of ${shortAddress(slot)}` : `Pass all functions of ${shortAddress(slot)}`,
          slot,
        ),
    ),
  ];
}

/** `0000:01:00` → `0000:01:00.0;0000:01:00.1`, when an item stands for more than one function. */
function listEach(items: readonly string[], functions: readonly (readonly string[])[]): readonly string[] {
  const expanded = items.flatMap((item, at) => (functions[at]?.length ? functions[at] : [item]));
  return functions.some(some => some.length > 1) ? [expanded.join(';')] : [];
}

/** The card that all items are functions of, when it has more than one; whether the items are all of them. */
function asWhole(
  items: readonly string[],
  functions: readonly (readonly string[])[],
  count: (address: string) => number,
): readonly { readonly slot: string; readonly isAll: boolean }[] {
  const named = functions.flat();
  if (named.length !== items.length || named.length === 0 || functions.some(some => some.length !== 1)) return [];
  const slots = new Set(named.map(address => address.slice(0, address.lastIndexOf('.'))));
  const slot = [...slots][0] as string;
  if (slots.size !== 1 || count(slot) < 2) return [];
  return [{ slot, isAll: new Set(named).size === count(slot) }];
}
