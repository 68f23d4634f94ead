import { deviceLabel } from '../../../host/inventory.ts';
import { isLiteral, itemAt, type Parameter, parameterAt } from '../../syntax/commandLine.ts';
import { compareSpans, type Position, type Span, touches } from '../../text/span.ts';
import type { Hint, NameUse, SemanticToken, Surroundings, SymbolNode } from '../language.ts';
import { functionsWithId, parseDeviceId } from '../modprobe/vfioIds.ts';
import { isBlacklist } from './parameters.ts';
import { type CommandLines, parametersOf } from './tree.ts';

/** What an outline, inlay hints, references and highlighting show of kernel parameters, in any file that has them. */

export const parameterSymbols = (parameters: readonly Parameter[]): readonly SymbolNode[] =>
  parameters.filter(isLiteral).map(parameter => ({
    name: parameter.name.text || parameter.whole.text,
    ...(parameter.hasEquals ? { detail: parameter.value.text } : {}),
    kind: 'key',
    span: parameter.whole.span,
    nameSpan: parameter.name.span,
  }));

/** The device's name behind each id of `vfio-pci.ids=`. */
export function idHints(tree: CommandLines, { inventory }: Surroundings): readonly Hint[] {
  if (!inventory) return [];
  const hints: Hint[] = [];
  for (const { parameter } of parametersOf(tree)) {
    if (parameter.id !== 'vfio_pci.ids') continue;
    for (const item of parameter.items) {
      const id = parseDeviceId(item.text);
      const devices = id ? functionsWithId(inventory, id) : [];
      const first = devices[0];
      if (!first) continue;
      hints.push({
        at: { line: item.span.endLine, column: item.span.end },
        label: devices.length > 1 ? `${deviceLabel(first)} ×${devices.length}` : deviceLabel(first),
        tooltip: devices.map(fn => fn.address).join(' '),
      });
    }
  }
  return hints;
}

/** Modules that the command line names: in blacklists, and before the dot of their parameters. */
export function moduleUses(tree: CommandLines): readonly NameUse[] {
  const uses: NameUse[] = [];
  for (const { parameter } of parametersOf(tree)) {
    if (!isLiteral(parameter)) continue;
    if (isBlacklist(parameter.id)) {
      for (const item of parameter.items) if (item.text !== '') uses.push(moduleUse(item.text, item.span));
    } else if (parameter.hasEquals) {
      const dot = parameter.name.text.indexOf('.');
      const { span } = parameter.name;
      if (dot <= 0 || parameter.id.startsWith('systemd.') || span.end - span.start !== parameter.name.text.length)
        continue;
      uses.push(moduleUse(parameter.name.text.slice(0, dot), { ...span, end: span.start + dot }));
    }
  }
  return uses;
}

/** Names and values, for files whose grammar knows nothing of kernel parameters. */
export function parameterTokens(tree: CommandLines): readonly SemanticToken[] {
  const tokens: SemanticToken[] = [];
  for (const { parameter } of parametersOf(tree)) {
    if (!isLiteral(parameter) || parameter.whole.span.line !== parameter.whole.span.endLine) continue;
    tokens.push({ span: parameter.name.span, type: 'property' });
    for (const item of parameter.items) {
      if (item.text !== '')
        tokens.push({ span: item.span, type: /^\d+[KMGT]?$/i.test(item.text) ? 'number' : 'enumMember' });
    }
  }
  return tokens.filter(one => one.span.end > one.span.start).sort((a, b) => compareSpans(a.span, b.span));
}

/** Ever larger: the item, the value, the parameter, the command line. */
export function parameterSelections(tree: CommandLines, at: Position): readonly Span[] {
  const line = tree.commandLines.find(one => touches(one.span, at));
  if (!line) return [];
  const parameter = parameterAt(line, at);
  const parts = parameter ? [itemAt(parameter, at)?.span, parameter.value.span, parameter.whole.span] : [];
  const touched = [...parts, line.span].filter(span => span !== undefined && touches(span, at)) as readonly Span[];
  return touched.filter((span, index) => index === 0 || compareSpans(span, touched[index - 1]!) !== 0);
}

const moduleUse = (name: string, span: Span): NameUse => ({
  kind: 'module',
  name: name.replaceAll('-', '_'),
  role: 'use',
  span,
  scope: 'node',
  renamable: false,
});
