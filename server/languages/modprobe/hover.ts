import { deviceLabel, type PciFunction } from '../../../host/inventory.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import type { Position } from '../../text/span.ts';
import { deviceCard, deviceDetail } from '../../values/deviceCard.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { commandDocs } from './commandDocs.ts';
import { filesInOrder, readConfig } from './config.ts';
import { claimedBy, drivenBy } from './hostModules.ts';
import { kernelModules } from './kernelModules.ts';
import { parameterDoc, parametersKnown, typeName } from './parameterDocs.ts';
import { type Slot, slotAt } from './slot.ts';
import { type Command, canonicalName, kmodMajor, type ModprobeTree } from './tree.ts';
import { functionsWithId, parseDeviceId } from './vfioIds.ts';

/** The files around, for what they say together; handed in, because the language itself is what they are found by. */
export type Siblings = readonly SourceFile<ModprobeTree>[];

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

/** What a module drives on this host, and what the files say of it. */
export function describeModule(
  module: string,
  { inventory, library, versions }: Surroundings,
  siblings: Siblings,
): string {
  const row = kernelModules(library)?.modules.get(module);
  const isBuiltin = inventory?.builtinModules?.has(module) ?? row?.b === 1;
  const isLoaded = inventory?.loadedModules?.has(module);
  const state = isBuiltin
    ? ' · part of the kernel'
    : isLoaded
      ? ' · loaded'
      : isLoaded === false
        ? ' · not loaded'
        : '';
  const driven = inventory ? drivenBy(inventory, module) : [];
  const claimed = inventory ? claimedBy(inventory, module).filter(fn => !driven.includes(fn)) : [];
  return paragraphs(
    `**${inlineCode(module)}**${state}`,
    driven.length > 0 && listDevices('Drives on this host:', driven),
    claimed.length > 0 && listDevices('Could also drive:', claimed),
    ...configuredFor(module, kmodMajor(versions.kmod), siblings),
  );
}

function* configuredFor(module: string, kmod: number, siblings: Siblings): Generator<string> {
  const files = siblings.map(file => ({ path: file.place.path, tree: file.tree }));
  const config = readConfig(filesInOrder(files), kmod);
  const options = config.options.filter(entry => entry.name === module);
  if (options.length > 0) {
    const text = options.map(entry => entry.text.trim()).join(' ');
    yield `Gets ${inlineCode(text)} (${namesOf(options)})`;
  }
  const blacklisted = config.blacklist.filter(entry => entry.name === module);
  if (blacklisted.length > 0) yield `Blacklisted in ${namesOf(blacklisted)}`;
}

const namesOf = (entries: readonly { readonly file: { readonly path: string } }[]): string =>
  [...new Set(entries.map(({ file }) => inlineCode(file.path.slice(file.path.lastIndexOf('/') + 1))))].join(', ');

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

const listDevices = (title: string, devices: readonly PciFunction[]): string =>
  [
    title,
    '',
    ...devices
      .slice(0, 8)
      .map(fn => `- ${inlineCode(fn.address)} ${escapeMarkdown(`${deviceLabel(fn)} · ${deviceDetail(fn)}`)}`),
    ...(devices.length > 8 ? ['- …'] : []),
  ].join('\n');
