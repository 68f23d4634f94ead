import { type PciAddress, parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { Token } from '../../text/span.ts';
import { type Entry, property } from './config.ts';

/** One device that a `hostpciN` line names by address. */
export interface NamedDevice {
  readonly token: Token;
  /** `0000:01:00`. */
  readonly slot: string;
  /** `undefined`: all functions of the slot. */
  readonly function: PciAddress | undefined;
}

/** The devices of a `host=` value, in order; items that are no address are left out. */
export function namedDevices(entry: Entry): readonly NamedDevice[] {
  const host = property(entry, 'host')?.value;
  if (!host) return [];
  let at = host.start;
  return host.text.split(';').flatMap(text => {
    const token = { text, start: at, end: at + text.length };
    at = token.end + 1;
    const read = parseSlotOrFunction(text);
    return read ? [{ token, ...read }] : [];
  });
}
