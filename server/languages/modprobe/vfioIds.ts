import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { type Token, token } from '../../text/span.ts';
import { type Parameter, parametersOf } from './arguments.ts';
import { linesWith } from './linesRead.ts';
import { isAccepted, type ModprobeLine, type ModprobeTree, type ReadLine } from './tree.ts';

/** What vfio-pci makes of one entry of its `ids` list; absent parts mean "any". */
export interface DeviceId {
  readonly vendor: number;
  readonly device: number;
  readonly subvendor: number | undefined;
  readonly subdevice: number | undefined;
}

/** One entry between the commas, as written; `id` is `undefined` for what vfio-pci calls an invalid id string. */
export interface IdEntry {
  readonly token: Token;
  readonly id: DeviceId | undefined;
}

/** Length limit of the list: the kernel's buffer of 1024 bytes has a zero byte at its end. */
export const longestIds = 1023;

/** The `ids=` parameters of an accepted `options vfio-pci` line, in order. */
export const idsParameters = (node: ReadLine): readonly Parameter[] =>
  isAccepted(node) && isVfioPci(node)
    ? parametersOf(node).filter(({ name, hasEquals }) => hasEquals && name.text === 'ids')
    : [];

/** True for lines whose module is vfio-pci. */
export const isVfioPci = (node: ReadLine): boolean => node.module === 'vfio_pci';

/** True for lines with an `ids=` that counts. */
export const hasIds = (node: ReadLine): boolean => idsParameters(node).length > 0;

/** Every `ids=` of a file with the line it is on. */
export function* idsOf(tree: ModprobeTree): Generator<{ node: ModprobeLine; ids: Parameter }> {
  for (const node of linesWith(tree, hasIds)) for (const ids of idsParameters(node)) yield { node, ids };
}

/** Splits a list at its commas; empty entries, which vfio-pci skips, are left out. */
export function idEntries(value: Token): readonly IdEntry[] {
  const entries: IdEntry[] = [];
  for (let from = 0; from <= value.text.length; ) {
    const comma = value.text.indexOf(',', from);
    const to = comma === -1 ? value.text.length : comma;
    if (to > from) {
      const text = value.text.slice(from, to);
      entries.push({ token: { text, start: value.start + from, end: value.start + to }, id: parseDeviceId(text) });
    }
    from = to + 1;
  }
  return entries;
}

const number = '[ \\t]*(?:0x)?([0-9a-f]+)';
const spelling = new RegExp(`^${number}:${number}(?::${number}(?::${number})?)?`, 'i');

/**
 * Reads as the kernel's `sscanf("%x:%x:%x:%x:%x:%x")` does: two numbers are enough, and what follows the last one that
 * can be read is not looked at.
 */
export function parseDeviceId(text: string): DeviceId | undefined {
  const found = spelling.exec(text);
  if (!found) return undefined;
  return { vendor: hex(found[1])!, device: hex(found[2])!, subvendor: hex(found[3]), subdevice: hex(found[4]) };
}

const any = 0xffffffff;

/** True where the function has the id, as far as its own ids are known. */
export const hasId = (fn: PciFunction, id: DeviceId): boolean =>
  same(fn.vendorId, id.vendor) &&
  same(fn.deviceId, id.device) &&
  same(fn.subsystemVendorId, id.subvendor) &&
  same(fn.subsystemDeviceId, id.subdevice);

/** All functions of a host that an id catches. */
export const functionsWithId = (inventory: Inventory, id: DeviceId): readonly PciFunction[] =>
  inventory.functions.filter(fn => hasId(fn, id));

/** `10de:1b80`, as lspci writes it; `undefined` where the host did not say. */
export const idText = (fn: PciFunction): string | undefined =>
  fn.vendorId && fn.deviceId ? `${fn.vendorId}:${fn.deviceId}` : undefined;

/** The stretch to remove with an entry of a list: one of the commas beside it goes too. */
export function withComma(list: Token, entry: Token): Pick<Token, 'start' | 'end'> {
  if (list.text[entry.end - list.start] === ',') return { start: entry.start, end: entry.end + 1 };
  const hasCommaBefore = list.text[entry.start - list.start - 1] === ',';
  return { start: hasCommaBefore ? entry.start - 1 : entry.start, end: entry.end };
}

/** The entry of a list that an offset lies in or touches; zero-width where there is none. */
export function entryAt(value: Token, offset: number): Token {
  const at = offset - value.start;
  const start = value.text.lastIndexOf(',', at - 1) + 1;
  const comma = value.text.indexOf(',', at);
  const end = comma === -1 ? value.text.length : comma;
  const part = token(value.text, start, Math.max(start, end));
  return { text: part.text, start: part.start + value.start, end: part.end + value.start };
}

const hex = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number.parseInt(digits, 16);

const same = (actual: string | undefined, wanted: number | undefined): boolean =>
  wanted === undefined || wanted === any || actual === undefined || Number.parseInt(actual, 16) === wanted;
