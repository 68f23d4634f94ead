import { slotOf } from '../../host/pciAddress.ts';
import { handoversOf } from '../facts/handovers.ts';
import { mediatedDevicesOf } from '../facts/mediated.ts';
import { surroundingsOf } from '../facts/surroundings.ts';
import { configOf, type Entry, property, textOfProperty } from '../languages/vmConf/config.ts';
import { hostAddresses } from '../languages/vmConf/machine.ts';
import { takeDevices } from '../languages/vmConf/takeDevices.ts';
import type { Edit } from '../text/edit.ts';
import { tokenSpan } from '../text/span.ts';
import { wholeCards } from '../values/wholeCards.ts';
import { changeIn, noLibrary } from './change.ts';
import type { Change } from './plan.ts';
import type { Request } from './request.ts';

/**
 * The `hostpciN` lines that the guest lacks, or the mapping in place of the address in a line that it has. `full` where no
 * index is free.
 */
export function vmChange(request: Request): Change | 'full' | undefined {
  const { wish, guest, functions } = request;
  const wanted = wish.way === 'mdev' ? mediatedMissing(request) : wholeMissing(request);
  if (wanted.length === 0) return undefined;
  const renamed = wish.mapping === undefined || wish.way === 'mdev' ? undefined : mappingInPlace(request, wish.mapping);
  const edits = renamed ? [renamed] : takeInto(request, wanted);
  if (edits.length === 0) return 'full';
  const what = functions.map(fn => fn.address);
  const names = wholeCards(what, request.ground.inventory).join(', ');
  return changeIn(guest, {
    label: renamed
      ? `Name ${names} by the mapping ${wish.mapping}`
      : `Add ${edits.map(({ text }) => text.trim().replaceAll('\n', '; ')).join('; ')}`,
    why: renamed
      ? 'The VM has the device by its address. The mapping is checked at each start: it refuses another device.'
      : whyOf(request, names),
    edits,
  });
}

function whyOf({ wish }: Request, names: string): string {
  if (wish.way === 'mdev')
    return `Proxmox makes the mediated device on ${names} when the VM starts; the host keeps its driver.`;
  if (wish.way === 'vf') return `${names} leaves the host when the VM starts; the card itself stays.`;
  return `${names} leaves the host when the VM starts.`;
}

const takeInto = ({ ground, guest }: Request, wanted: readonly string[]): readonly Edit[] =>
  takeDevices(guest, { line: 0, column: 0 }, wanted, surroundingsOf(ground.world, guest, noLibrary));

/** What to add so that the guest has the functions whole: addresses, or the mapping. */
function wholeMissing({ wish, ground, guest, functions }: Request): readonly string[] {
  const own = entriesOf(guest).filter(entry => !property(entry, 'mdev'));
  if (wish.mapping !== undefined) {
    const isThere = own.some(entry => textOfProperty(entry, 'mapping') === wish.mapping);
    return isThere || functions.length === 0 ? [] : [`mapping=${wish.mapping}`];
  }
  const had = new Set(
    handoversOf(ground.world, guest).flatMap(({ kind, passed }) =>
      kind === 'mediated' ? [] : passed.map(({ fn }) => fn.address as string),
    ),
  );
  for (const { slot, function: fn } of own.flatMap(hostAddresses)) if (slot !== undefined) had.add(fn ?? slot);
  return functions.map(fn => fn.address).filter(address => !had.has(address) && !had.has(slotOf(address)));
}

/** One mediated device of a type is enough: a second one is added by hand. */
function mediatedMissing({ wish, ground, guest, functions }: Request): readonly string[] {
  const [parent] = functions;
  const type = wish.mdevType;
  if (!parent || type === undefined) return [];
  const there = mediatedDevicesOf(ground.world, guest).some(
    one => one.parent.address === parent.address && one.type.text === type && usesMapping(one.entry, wish.mapping),
  );
  const named = entriesOf(guest).some(
    entry => wish.mapping !== undefined && textOfProperty(entry, 'mdev') === type && usesMapping(entry, wish.mapping),
  );
  if (there || named) return [];
  return [wish.mapping === undefined ? `${parent.address},mdev=${type}` : `mapping=${wish.mapping},mdev=${type}`];
}

const usesMapping = (entry: Entry, mapping: string | undefined): boolean =>
  mapping === undefined || textOfProperty(entry, 'mapping') === mapping;

const entriesOf = (guest: Request['guest']): readonly Entry[] => configOf(guest).next.family('hostpci');

/** Where a line names just the device by address: a second line with the mapping would give it twice. */
function mappingInPlace({ ground, guest, functions }: Request, mapping: string): Edit | undefined {
  const addresses = functions.map(fn => fn.address as string);
  const handover = handoversOf(ground.world, guest).find(
    ({ entry, kind, passed }) =>
      kind !== 'mediated' && property(entry, 'host') && passed.some(({ fn }) => addresses.includes(fn.address)),
  );
  const host = handover && property(handover.entry, 'host');
  return handover && host && { span: tokenSpan(handover.entry.line, host.part.whole), text: `mapping=${mapping}` };
}
