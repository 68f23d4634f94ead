import type { Inventory } from '../../../host/inventory.ts';
import {
  itemAt,
  type Parameter,
  type Piece,
  parameterAt,
  parseCommandLine,
  sourcedLine,
} from '../../syntax/commandLine.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import { type Position, touches } from '../../text/span.ts';
import { deviceCard, listDevices } from '../../values/deviceCard.ts';
import type { Description, Surroundings } from '../language.ts';
import { functionsWithId, parseDeviceId } from '../modprobe/vfioIds.ts';
import { concernsPassthrough, isBlacklist } from './parameters.ts';
import { moduleParameterType, type ParameterReference, referenceOf } from './reference.ts';
import type { CommandLines } from './tree.ts';

/** A kernel parameter under the cursor: what it does, what this value of it does, and what the host says of both. */
export function describeParameter(tree: CommandLines, at: Position, around: Surroundings): Description | undefined {
  const line = tree.commandLines.find(one => touches(one.span, at));
  const parameter = line && parameterAt(line, at);
  if (!parameter) return undefined;
  const reference = referenceOf(around.library, parameter.id);
  const item = touches(parameter.name.span, at) ? undefined : itemAt(parameter, at);
  const parts = [
    heading(
      reference?.name ?? parameter.name.text,
      reference?.reference,
      moduleParameterType(around.library, parameter.id),
    ),
    reference?.reference.doc,
    item ? describeItem(parameter, item, reference?.reference, around) : listValues(reference?.reference),
    reference?.reference.note,
    runningState(parameter, around.inventory),
  ].filter(part => part !== undefined && part !== '');
  if (parts.length === 1 && !reference && !isModuleParameter(parameter)) return undefined;
  return { span: item ? item.span : parameter.name.span, markdown: paragraphs(...parts) };
}

const isModuleParameter = (parameter: Parameter): boolean => /^[A-Za-z0-9_]+\./.test(parameter.id);

function heading(name: string, reference: ParameterReference | undefined, type: string | undefined): string {
  const form = reference?.form === 'flag' ? '' : '=';
  const takes = reference?.takes ?? type;
  const dot = name.indexOf('.');
  const module = !reference && dot > 0 ? ` · a parameter of the module ${inlineCode(name.slice(0, dot))}` : '';
  return `**${inlineCode(name + form)}**${takes ? ` ${escapeMarkdown(takes)}` : ''}${module}`;
}

function describeItem(
  parameter: Parameter,
  item: Piece,
  reference: ParameterReference | undefined,
  around: Surroundings,
): string | undefined {
  if (parameter.id === 'vfio_pci.ids') return describeId(item.text, around);
  if (isBlacklist(parameter.id)) return describeModule(item.text, around.inventory);
  const values = reference?.values ?? {};
  const known = Object.hasOwn(values, item.text) ? item.text : parameter.value.text;
  return Object.hasOwn(values, known) ? `${inlineCode(known)}: ${values[known]}` : undefined;
}

function describeId(text: string, { inventory, claims }: Surroundings): string | undefined {
  const shown = inlineCode(text);
  const id = parseDeviceId(text);
  if (!id) return `${shown} is no id that vfio-pci can read: it takes ${inlineCode('vendor:device')} in hexadecimal.`;
  if (!inventory) return undefined;
  const devices = functionsWithId(inventory, id);
  const [first] = devices;
  if (!first) return inventory.complete ? `No device of this host has the id ${shown}.` : undefined;
  if (devices.length > 1) return listDevices(`${shown} is the id of ${devices.length} devices:`, devices);
  const labels = claims(first.address).map(claim => claim.label);
  return deviceCard(first, inventory, labels);
}

function describeModule(module: string, inventory: Inventory | undefined): string | undefined {
  const name = module.replaceAll('-', '_');
  const driven = (inventory?.functions ?? []).filter(fn => fn.driver?.replaceAll('-', '_') === name);
  return driven.length === 0 ? undefined : listDevices(`${inlineCode(module)} drives now:`, driven);
}

function listValues(reference: ParameterReference | undefined): string {
  return Object.entries(reference?.values ?? {})
    .slice(0, 24)
    .map(([value, doc]) => `- ${inlineCode(value)}: ${doc}`)
    .join('\n');
}

/** What the running kernel was given under this name; only for parameters where the answer matters. */
function runningState(parameter: Parameter, inventory: Inventory | undefined): string | undefined {
  const running = inventory?.kernel.commandLine;
  if (running === undefined || !concernsPassthrough(parameter.id)) return undefined;
  const same = parseCommandLine(sourcedLine([running], 0)).parameters.filter(other => other.id === parameter.id);
  if (same.length === 0) return 'The running kernel was started without it.';
  return `The running kernel was started with ${same.map(other => inlineCode(other.whole.text)).join(' ')}.`;
}
