import { deviceLabel } from '../../../host/inventory.ts';
import { shortAddress } from '../../../host/pciAddress.ts';
import { type LogicalLine, offsetIn, spanIn } from '../../syntax/wordLines.ts';
import type { Position, Span, Token } from '../../text/span.ts';
import { token } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { listedWords, type Parameter, parametersOf } from './arguments.ts';
import { commandDocs } from './commandDocs.ts';
import { driverText, groupText, type IdChoice, idChoices, namesOf } from './devices.ts';
import { parameterDoc, parametersKnown, parameterValues, typeName } from './parameterDocs.ts';
import { suggestModules } from './suggestModules.ts';
import { canonicalName, commands, type ModprobeLine, type ModprobeTree, nodeAt } from './tree.ts';
import { entryAt, idEntries, isVfioPci } from './vfioIds.ts';

/** What is being written: the logical line, the offset of the cursor in it, and what is known around. */
interface Spot {
  readonly node: ModprobeLine;
  readonly offset: number;
  readonly at: Position;
  readonly around: Surroundings;
}

export function completeModprobe(
  file: SourceFile<ModprobeTree>,
  at: Position,
  around: Surroundings,
): readonly Suggestion[] {
  const node = nodeAt(file.tree, at);
  if (node.kind === 'comment') return [];
  const offset = offsetIn(node.line, at);
  const spot: Spot = { node, offset, at, around };
  if (offset <= node.command.end || node.command.text === '') return completeCommand(spot);
  if (node.kind === 'unknown' || node.kind === 'deprecated') return [];
  if (offset <= node.name.end || node.name.text === '') return completeName(spot, node.name);
  return completeArguments(spot);
}

function completeCommand(spot: Spot): readonly Suggestion[] {
  const replace = replaced(spot, spot.node.command);
  return commands.map(label => {
    const { takes, doc } = commandDocs[label];
    return { label, kind: 'key', replace, insert: `${label} `, again: true, detail: takes, documentation: doc };
  });
}

const completeName = (spot: Spot, word: Token): readonly Suggestion[] =>
  suggestModules(spot.around, word.text.slice(0, Math.max(0, spot.offset - word.start)), replaced(spot, word));

function completeArguments(spot: Spot): readonly Suggestion[] {
  const { node } = spot;
  if (node.kind === 'alias')
    return spot.offset <= node.rest.end || node.rest.text === '' ? completeName(spot, node.rest) : [];
  if (node.kind === 'softdep' || node.kind === 'weakdep') return completeDependencies(spot);
  return node.kind === 'options' ? completeOptions(spot) : [];
}

function completeDependencies(spot: Spot): readonly Suggestion[] {
  const words = listedWords(spot.node);
  const word = words.find(one => one.start <= spot.offset && spot.offset <= one.end) ?? here(spot);
  const replace = replaced(spot, word);
  const isPlaced = words.some(one => one.end < spot.offset && (one.text === 'pre:' || one.text === 'post:'));
  const keywords: readonly Suggestion[] = (spot.node.kind === 'softdep' ? ['pre:', 'post:'] : [])
    .filter(label => !words.some(one => one.text === label && one !== word))
    .map(label => ({ label, kind: 'property', replace, insert: `${label} `, again: true, sort: `0${label}` }));
  return spot.node.kind === 'softdep' && !isPlaced ? keywords : [...keywords, ...completeName(spot, word)];
}

function completeOptions(spot: Spot): readonly Suggestion[] {
  const parameters = parametersOf(spot.node);
  const current = parameters.find(one => one.whole.start <= spot.offset && spot.offset <= one.whole.end);
  if (!current?.hasEquals || spot.offset < current.value.start) return completeParameterName(spot, parameters, current);
  if (current.name.text === 'ids' && isVfioPci(spot.node)) return completeIds(spot, current);
  return completeValue(spot, current);
}

function completeParameterName(
  spot: Spot,
  all: readonly Parameter[],
  current: Parameter | undefined,
): readonly Suggestion[] {
  const module = canonicalName(spot.node.name.text);
  const { library } = spot.around;
  const known = parametersKnown(library, module);
  const asked = spot.around.inventory?.knownParameters.get(module) ?? [];
  const taken = new Set(all.filter(one => one !== current).map(one => canonicalName(one.name.text)));
  const name = current?.name ?? here(spot);
  const hasEquals = current?.hasEquals === true;
  return [...new Set([...asked, ...known.keys()])]
    .filter(label => !taken.has(canonicalName(label)))
    .map(label => {
      const documentation = parameterDoc(library, module, label)?.doc;
      return {
        label,
        kind: 'property',
        replace: replaced(spot, name),
        insert: hasEquals ? label : `${label}=`,
        detail: typeName(known.get(label)),
        again: !hasEquals,
        sort: `${documentation ? 0 : 1}${label}`,
        ...(documentation ? { documentation } : {}),
      };
    });
}

function completeValue(spot: Spot, parameter: Parameter): readonly Suggestion[] {
  const module = canonicalName(spot.node.name.text);
  const { library } = spot.around;
  const doc = parameterDoc(library, module, parameter.name.text);
  const type = parametersKnown(library, module).get(parameter.name.text);
  const replace = replaced(spot, parameter.value);
  return parameterValues(doc, type).map(({ text, detail }, index) => ({
    label: text,
    kind: 'value',
    replace,
    insert: text,
    sort: String(index),
    ...(detail ? { detail } : {}),
  }));
}

function completeIds(spot: Spot, ids: Parameter): readonly Suggestion[] {
  const { inventory } = spot.around;
  if (!inventory) return [];
  const entry = entryAt(ids.value, spot.offset);
  const others = idEntries(ids.value).filter(one => one.token.end <= entry.start || one.token.start >= entry.end);
  const listed = new Set(others.map(one => one.token.text.toLowerCase()));
  const replace = replaced(spot, entry);
  return idChoices(inventory, listed).map((choice, index) => idSuggestion(choice, index, replace));
}

function idSuggestion({ ids, functions }: IdChoice, index: number, replace: Span): Suggestion {
  const label = ids.join(',');
  const first = functions[0];
  const kinds = [...new Set(functions.map(fn => fn.className ?? fn.classId ?? 'PCI device'))].join(', ');
  const where = functions.map(fn => shortAddress(fn.address)).join(' ');
  const facts = first ? [deviceLabel(first), driverText(first), groupText(first)] : [];
  return {
    label,
    kind: 'device',
    replace,
    insert: label,
    detail: `${kinds} · ${where}`,
    note: facts.filter(Boolean).join(' · '),
    filter: `${label} ${namesOf(functions)}`,
    sort: `${first ? weight(first.classId) : 9}${String(index).padStart(4, '0')}`,
  };
}

/** Display first, then what is passed through most: network, storage, USB, the rest. */
function weight(classId: string | undefined): number {
  if (classId?.startsWith('03') || classId?.startsWith('12')) return 0;
  if (classId === undefined) return 8;
  const order = ['02', '01', '0c03', '04'];
  const found = order.findIndex(prefix => classId.startsWith(prefix));
  return found === -1 ? 8 : found + 1;
}

/** Where a suggestion goes; a word that is on several lines of the file is left alone beyond the cursor's line. */
function replaced({ node, at }: Spot, word: Token): Span {
  const whole = word.text === '' ? undefined : spanIn(node.line, word);
  if (!whole || !covers(whole, at)) return { line: at.line, start: at.column, endLine: at.line, end: at.column };
  return {
    line: at.line,
    start: whole.line === at.line ? whole.start : at.column,
    endLine: at.line,
    end: whole.endLine === at.line ? whole.end : at.column,
  };
}

const covers = (where: Span, at: Position): boolean =>
  (where.line < at.line || (where.line === at.line && where.start <= at.column)) &&
  (where.endLine > at.line || (where.endLine === at.line && at.column <= where.end));

const here = ({ node, offset }: { node: { line: LogicalLine }; offset: number }): Token =>
  token(node.line.text, offset, offset);
