import { functionAt, type Inventory, slotMembers } from '../../../host/inventory.ts';
import { type PciAddress, slotOf } from '../../../host/pciAddress.ts';
import type { Edit } from '../../text/edit.ts';
import type { Position } from '../../text/span.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import { configOf, type Settings } from './config.ts';
import { addEntry } from './edits.ts';
import { namedDevices } from './hostPci.ts';
import { machineOf } from './machine.ts';
import { optionOf } from './schema.ts';
import type { VmConf } from './tree.ts';

/**
 * One `hostpciN` line for each device, at the next free indexes: a slot whose functions are all wanted in the short
 * form that means all of them, `pcie=1` where the machine has PCIe. Devices that the VM has already are left out.
 */
export function takeDevices(
  file: SourceFile<VmConf>,
  _at: Position,
  addresses: readonly string[],
  { inventory }: Surroundings,
): readonly Edit[] {
  const { main, next } = configOf(file);
  const had = alreadyNamed(next, inventory);
  const wanted = addresses.filter(address => !had.has(address) && !had.has(slotOf(address as PciAddress)));
  const free = freeIndexes(next);
  const options = machineOf(next).isQ35 ? ',pcie=1' : '';
  const lines = devicesOf(wanted, inventory).slice(0, free.length);
  const keyed = lines.map((device, index) => ({ key: `hostpci${free[index]}`, value: `${device}${options}` }));
  return joined(keyed.map(({ key, value }) => addEntry(file.tree, main.section, key, value)));
}

/** Whole slots where all functions of a card are wanted, single functions else. */
function devicesOf(addresses: readonly string[], inventory: Inventory | undefined): readonly string[] {
  const bySlot = new Map<string, string[]>();
  for (const address of addresses) {
    const slot = slotOf(address as PciAddress);
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), address]);
  }
  return [...bySlot].flatMap(([slot, members]) => {
    const all = inventory ? slotMembers(inventory, slot) : [];
    const isVf = inventory && functionAt(inventory, members[0] as PciAddress)?.physicalFunction !== undefined;
    return all.length > 1 && !isVf && all.every(fn => members.includes(fn.address)) ? [slot] : members;
  });
}

function alreadyNamed(settings: Settings, inventory: Inventory | undefined): ReadonlySet<string> {
  const named = settings.family('hostpci').flatMap(namedDevices);
  return new Set(
    named.flatMap(device =>
      device.function
        ? [device.function]
        : [device.slot, ...(inventory ? slotMembers(inventory, device.slot).map(fn => fn.address) : [])],
    ),
  );
}

function freeIndexes(settings: Settings): readonly number[] {
  const taken = new Set(settings.family('hostpci').map(entry => entry.index));
  const free: number[] = [];
  for (let index = 0; optionOf(`hostpci${index}`)?.index !== undefined; index++)
    if (!taken.has(index)) free.push(index);
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
