import { functionAt, type Inventory, type PciFunction, slotMembers } from '../../../host/inventory.ts';
import { parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { Token } from '../../text/span.ts';
import type { Surroundings } from '../language.ts';
import { type Entry, property } from './config.ts';
import { hostAddresses } from './machine.ts';
import { mappedAddresses } from './mappings.ts';

/** One item of a `hostpciN` entry with the functions of the host that it means. */
export interface HandedOver {
  readonly token: Token;
  /** Empty where the host has no such device. */
  readonly functions: readonly PciFunction[];
}

/** What a `hostpciN` entry hands over on this host, by address or by mapping; empty where no host is known. */
export function handedOver(entry: Entry, around: Surroundings): readonly HandedOver[] {
  const { inventory } = around;
  if (!inventory) return [];
  const mapping = property(entry, 'mapping')?.value;
  const byAddress = hostAddresses(entry).map(({ token }) => ({ token, functions: functionsAt(inventory, token.text) }));
  if (!mapping) return byAddress;
  const functions = mappedAddresses(around, mapping.text).flatMap(text => functionsAt(inventory, text));
  return [...byAddress, { token: mapping, functions }];
}

/** The functions of a host behind an address with or without function. */
export function functionsAt(inventory: Inventory, address: string): readonly PciFunction[] {
  const read = parseSlotOrFunction(address);
  if (!read) return [];
  if (read.function === undefined) return slotMembers(inventory, read.slot);
  const fn = functionAt(inventory, read.function);
  return fn ? [fn] : [];
}
