import { type PciAddress, slotOf } from '../../../host/pciAddress.ts';
import type { Edit } from '../../text/edit.ts';
import type { Position } from '../../text/span.ts';
import { wholeCards } from '../../values/wholeCards.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { configOf, type Entry, type Settings, textOfProperty } from './config.ts';
import { addEntry } from './edits.ts';
import { handedOver } from './hostDevices.ts';
import { namedDevices } from './hostPci.ts';
import { machineOf, usesMdev } from './machine.ts';
import { optionOf } from './schema.ts';
import type { VmConf } from './tree.ts';

/**
 * One `hostpciN` line for each device, at the next free indexes: a slot whose functions are all wanted in the short
 * form that means all of them, `pcie=1` where the machine has PCIe. Devices that the VM has already are left out.
 * Besides addresses it takes mediated devices, `0000:01:00.0,mdev=TYPE`, and mappings, `mapping=NAME`.
 */
export function takeDevices(
  file: SourceFile<VmConf>,
  _at: Position,
  addresses: readonly string[],
  around: Surroundings,
): readonly Edit[] {
  const { main, next } = configOf(file);
  const entries = next.family('hostpci');
  const had = namedIn(entries, around);
  const hadWhole = namedIn(
    entries.filter(entry => !usesMdev(entry)),
    around,
  );
  const whole = addresses.filter(one => !isPart(one) && !had(one));
  const parts = addresses.filter(one => isPart(one) && isFreePart(one, next, hadWhole));
  const free = freeIndexes(file.tree, next);
  const options = machineOf(next).isQ35 ? ',pcie=1' : '';
  const lines = [...wholeCards(whole, around.inventory), ...parts].slice(0, free.length);
  const keyed = lines.map((device, index) => ({ key: `hostpci${free[index]}`, value: `${device}${options}` }));
  return joined(keyed.map(({ key, value }) => addEntry(file.tree, main.section, key, value)));
}

/** A mediated device or a mapping. */
const isPart = (text: string): boolean => text.includes('=');

/** A VM may have many mediated devices of a function, but not the function besides; a mapping once is enough. */
function isFreePart(text: string, settings: Settings, hadWhole: (address: string) => boolean): boolean {
  const mapping = /^mapping=(.*)$/.exec(text)?.[1];
  if (mapping === undefined) return !hadWhole(text.slice(0, text.indexOf(',')));
  return !settings.family('hostpci').some(entry => textOfProperty(entry, 'mapping') === mapping);
}

/** Tells whether entries name a function: by itself, with its whole slot, or through a mapping. */
function namedIn(entries: readonly Entry[], around: Surroundings): (address: string) => boolean {
  const named = new Set<string>();
  for (const entry of entries) {
    for (const device of namedDevices(entry)) named.add(device.function ?? device.slot);
    for (const fn of handedOver(entry, around).flatMap(one => one.functions)) named.add(fn.address);
  }
  return address => named.has(address) || named.has(slotOf(address as PciAddress));
}

/** A key that stands in a line which Proxmox refuses is taken, too: somebody meant it. */
function freeIndexes(tree: VmConf, settings: Settings): readonly number[] {
  const current = tree.sections.filter(({ kind }) => kind === 'main' || kind === 'pending');
  const written = current.flatMap(({ body }) => body.map(({ key }) => key.text));
  const taken = new Set([...written, ...settings.family('hostpci').map(({ key }) => key)]);
  const free: number[] = [];
  for (let index = 0; optionOf(`hostpci${index}`)?.index !== undefined; index++)
    if (!taken.has(`hostpci${index}`)) free.push(index);
  return free;
}

/** Edits at one place become one edit, so that they keep their order. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const places = new Map<string, Edit>();
  for (const edit of edits) {
    const place = `${edit.span.line}:${edit.span.start}`;
    const before = places.get(place);
    places.set(place, before ? { span: edit.span, text: before.text + edit.text } : edit);
  }
  return [...places.values()];
}
