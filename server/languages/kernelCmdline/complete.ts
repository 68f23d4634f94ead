import { deviceLabel, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import {
  type CommandLine,
  itemAt,
  type Parameter,
  parameterAt,
  parameterId,
  parseCommandLine,
  sourcedLine,
} from '../../syntax/commandLine.ts';
import { escapeMarkdown, inlineCode } from '../../text/markdown.ts';
import { type Position, type Span, span, touches } from '../../text/span.ts';
import { deviceCard, deviceDetail } from '../../values/deviceCard.ts';
import type { Library, Suggestion, Surroundings } from '../language.ts';
import { idChoices, namesOf } from '../modprobe/devices.ts';
import { concernsPassthrough, isBlacklist } from './parameters.ts';
import {
  moduleParameters,
  moduleParameterType,
  type ParameterReference,
  parameterNames,
  referenceOf,
} from './reference.ts';
import type { CommandLines, WrittenCommandLine } from './tree.ts';

/** Names and values of kernel parameters at a position, in any file that has command lines. */
export function completeParameter(tree: CommandLines, at: Position, around: Surroundings): readonly Suggestion[] {
  const line = tree.commandLines.find(one => touches(one.span, at));
  if (!line || isAmongInitArguments(line, at)) return [];
  const parameter = parameterAt(line, at);
  if (!parameter) return suggestNames(line, undefined, span(at.line, at.column, at.column), around);
  if (parameter.expansions.length > 0 || !isOnOneLine(parameter.whole.span)) return [];
  if (touches(parameter.name.span, at)) return suggestNames(line, parameter, parameter.name.span, around);
  const item = itemAt(parameter, at);
  return item ? suggestValues(parameter, item.span, around) : [];
}

const isAmongInitArguments = (line: WrittenCommandLine, at: Position): boolean => {
  const first = line.initArguments[0]?.span;
  return first !== undefined && (at.line > first.line || (at.line === first.line && at.column >= first.start));
};

const isOnOneLine = (where: Span): boolean => where.line === where.endLine;

function suggestNames(
  line: CommandLine,
  current: Parameter | undefined,
  replace: Span,
  { inventory, library }: Surroundings,
): readonly Suggestion[] {
  const vendor = inventory?.cpu?.vendor;
  const taken = new Set(line.parameters.filter(other => other !== current).map(other => other.id));
  const suggestions: Suggestion[] = [];
  for (const [name, reference] of Object.entries(parameterNames(library))) {
    if (taken.has(parameterId(name)) && !reference.repeats) continue;
    suggestions.push({
      ...suggestName(name, reference, current?.hasEquals === true, replace),
      sort: `${rankOf(name, vendor)}${name}`,
    });
  }
  return [...suggestions, ...suggestModuleParameters(current, replace, library)];
}

function suggestName(name: string, reference: ParameterReference, hasEquals: boolean, replace: Span): Suggestion {
  const wantsValue = reference.form !== 'flag' && reference.form !== 'either' && !hasEquals;
  return {
    label: name,
    kind: 'key',
    replace,
    insert: wantsValue ? `${name}=` : name,
    ...(wantsValue ? { again: true } : {}),
    detail: reference.form === 'flag' ? 'flag' : (reference.takes ?? Object.keys(reference.values ?? {}).join(' | ')),
    documentation: documentationOf(reference),
  };
}

/** What passthrough mostly takes first, then what else concerns it; what the other maker's processors know is last. */
function rankOf(name: string, vendor: string | undefined): number {
  const maker = /^(?:amd_iommu|kvm-amd)/.test(name)
    ? 'AuthenticAMD'
    : /^(?:intel_iommu|kvm-intel)/.test(name)
      ? 'GenuineIntel'
      : undefined;
  if (maker !== undefined && vendor !== undefined && maker !== vendor) return 3;
  if (/^(?:iommu|intel_iommu|vfio-pci\.ids)$/.test(name)) return 0;
  return concernsPassthrough(parameterId(name)) ? 1 : 2;
}

/** The parameters of the module whose name stands before the dot. */
function suggestModuleParameters(
  current: Parameter | undefined,
  replace: Span,
  library: Library,
): readonly Suggestion[] {
  const typed = current?.name.text ?? '';
  const dot = typed.indexOf('.');
  if (!current || dot <= 0) return [];
  const module = typed.slice(0, dot);
  return [...moduleParameters(library, module)]
    .filter(([name]) => !referenceOf(library, parameterId(`${module}.${name}`)))
    .map(([name, type]) => ({
      label: `${module}.${name}`,
      kind: 'property' as const,
      replace,
      insert: current.hasEquals ? `${module}.${name}` : `${module}.${name}=`,
      detail: type,
      sort: `1${module}.${name}`,
      ...(current.hasEquals ? {} : { again: true }),
    }));
}

function suggestValues(parameter: Parameter, item: Span, around: Surroundings): readonly Suggestion[] {
  const { id } = parameter;
  const others = new Set(parameter.items.filter(one => one.span !== item).map(one => one.text));
  if (id === 'vfio_pci.ids') return suggestIds(others, item, around);
  if (isBlacklist(id)) return suggestModules(others, item, around.inventory);
  if (id === 'root') return suggestRunning(parameter, around.inventory);
  const reference = referenceOf(around.library, id)?.reference;
  if (!reference?.values) return suggestByType(parameter, around.library);
  return Object.entries(reference.values)
    .filter(([value]) => !others.has(value))
    .map(([value, doc], index) => ({
      label: value,
      kind: 'value' as const,
      replace: reference.list ? item : parameter.value.span,
      insert: value,
      documentation: doc,
      sort: String(index).padStart(3, '0'),
    }));
}

function suggestByType(parameter: Parameter, library: Library): readonly Suggestion[] {
  const type = moduleParameterType(library, parameter.id);
  if (type !== 'bool' && type !== 'invbool') return [];
  return ['1', '0'].map(value => ({
    label: value,
    kind: 'value' as const,
    replace: parameter.value.span,
    insert: value,
    detail: value === '1' ? 'yes' : 'no',
  }));
}

/** Ids of the host's devices, and all ids of one card together. */
function suggestIds(
  others: ReadonlySet<string>,
  replace: Span,
  { inventory, claims }: Surroundings,
): readonly Suggestion[] {
  if (!inventory) return [];
  return idChoices(inventory, others).map(({ ids, functions }, index) => {
    const first = functions[0]!;
    const text = ids.join(',');
    const claimed = [...new Set(functions.flatMap(fn => claims(fn.address)).map(claim => claim.label))];
    return {
      label: text,
      kind: 'device' as const,
      replace,
      insert: text,
      note: deviceLabel(first),
      detail: functions.length > 1 ? `${functions.length} functions` : deviceDetail(first),
      documentation: functions.map(fn => deviceCard(fn, inventory, claimed)).join('\n\n---\n\n'),
      filter: `${text} ${namesOf(functions)}`,
      sort: `${first.classId?.startsWith('03') ? 0 : 1}${String(index).padStart(4, '0')}`,
    };
  });
}

function suggestModules(
  others: ReadonlySet<string>,
  replace: Span,
  inventory: Inventory | undefined,
): readonly Suggestion[] {
  const users = new Map<string, PciFunction[]>();
  for (const fn of inventory?.functions ?? []) {
    for (const module of new Set([...(fn.modules ?? []), ...(fn.driver ? [fn.driver] : [])])) {
      const name = module.replaceAll('-', '_');
      if (name !== 'vfio_pci' && name !== 'pcieport') users.set(name, [...(users.get(name) ?? []), fn]);
    }
  }
  return [...users]
    .filter(([name]) => !others.has(name))
    .map(([name, devices]) => ({
      label: name,
      kind: 'module' as const,
      replace,
      insert: name,
      note: devices.length > 1 ? `${devices.length} devices` : deviceLabel(devices[0]!),
      documentation: devices.map(fn => `- ${inlineCode(fn.address)} ${escapeMarkdown(deviceLabel(fn))}`).join('\n'),
    }));
}

/** What the running kernel was given under the same name. */
function suggestRunning(parameter: Parameter, inventory: Inventory | undefined): readonly Suggestion[] {
  const running = parseCommandLine(sourcedLine([inventory?.kernel.commandLine ?? ''], 0));
  return running.parameters
    .filter(other => other.id === parameter.id && other.hasEquals)
    .map(other => ({
      label: other.value.text,
      kind: 'value' as const,
      replace: parameter.value.span,
      insert: other.value.text,
      detail: 'as the running kernel has it',
    }));
}

const documentationOf = ({ doc, note }: ParameterReference): string => (note ? `${doc}\n\n${note}` : doc);
