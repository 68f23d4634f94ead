import { spanIn } from '../../syntax/wordLines.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import type { Position } from '../../text/span.ts';
import { deviceCard, listDevices } from '../../values/deviceCard.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { commandDocs } from './commandDocs.ts';
import { describeModule, type Siblings } from './describeModule.ts';
import { parameterDoc, parametersKnown, typeName } from './parameterDocs.ts';
import { type Slot, slotAt } from './slot.ts';
import { type Command, canonicalName, type ModprobeTree } from './tree.ts';
import { functionsWithId, parseDeviceId } from './vfioIds.ts';

export function describeAt(
  file: SourceFile<ModprobeTree>,
  at: Position,
  around: Surroundings,
  siblings: Siblings,
): Description | undefined {
  const slot = slotAt(file.tree, at);
  const markdown = slot && describe(slot, around, siblings);
  return markdown ? { span: spanIn(slot.node.line, slot.token), markdown } : undefined;
}

function describe(slot: Slot, around: Surroundings, siblings: Siblings): string | undefined {
  if (slot.kind === 'command') return describeCommand(slot.token.text);
  if (slot.kind === 'module') return describeModule(canonicalName(slot.token.text.trim()), around, siblings);
  if (slot.kind === 'keyword') return keywordDocs[slot.token.text];
  if (slot.kind === 'id') return describeId(slot.token.text, around);
  if (slot.kind === 'alias') return undefined;
  return describeParameter(slot, around);
}

function describeCommand(word: string): string | undefined {
  if (!Object.hasOwn(commandDocs, word)) return undefined;
  const { takes, doc } = commandDocs[word as Command];
  return paragraphs(`**${inlineCode(`${word} ${takes}`)}**`, doc);
}

const keywordDocs: Readonly<Record<string, string>> = {
  'pre:': '**`pre:`** The modules behind it are loaded first.',
  'post:': '**`post:`** The modules behind it are loaded afterwards.',
};

function describeParameter(
  { node, token, parameter, kind }: Extract<Slot, { readonly parameter: unknown }>,
  { inventory, library }: Surroundings,
): string | undefined {
  const module = canonicalName(node.name.text);
  const name = parameter.name.text;
  const found = parameterDoc(library, module, name);
  const type = parametersKnown(library, module).get(name);
  const values = Object.entries(found?.values ?? {});
  const chosen = kind === 'value' ? values.filter(([value]) => value === token.text) : values;
  const now = inventory?.moduleParameters.get(module)?.get(name);
  if (!found && type === undefined && now === undefined) return undefined;
  return paragraphs(
    `**${inlineCode(name)}**${type ? ` · ${escapeMarkdown(typeName(type))}` : ''} · a parameter of ${inlineCode(module)}`,
    found?.doc,
    chosen.map(([value, doc]) => `- ${inlineCode(value)}: ${doc}`).join('\n'),
    found?.note,
    now !== undefined && `Now on this host: ${inlineCode(now)}`,
  );
}

function describeId(text: string, { inventory, claims }: Surroundings): string | undefined {
  const shown = inlineCode(text);
  const id = parseDeviceId(text);
  if (!id) return `${shown} is no id that vfio-pci can read: it takes ${inlineCode('vendor:device')} in hexadecimal.`;
  if (!inventory) return undefined;
  const devices = functionsWithId(inventory, id);
  const [first] = devices;
  if (!first) return inventory.complete ? `No device of this host has the id ${shown}.` : undefined;
  if (devices.length > 1)
    return listDevices(`${shown} is the id of ${devices.length} devices, all of which are taken:`, devices);
  return deviceCard(
    first,
    inventory,
    claims(first.address).map(claim => claim.label),
  );
}
