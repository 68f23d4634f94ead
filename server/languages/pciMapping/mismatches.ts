import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import type { Token } from '../../text/span.ts';
import { type MapEntry, partOf, pathItems } from './config.ts';
import { comparedAddress, comparedFunction, type IdentityKey, identityKeys, identityOf } from './identity.ts';

/** One thing in which a `map` line and a host differ. */
export interface Mismatch {
  /** What is wrong: a value, or an item of `path=`. */
  readonly token: Token;
  /** What differs; `path` where no device is there. */
  readonly key: IdentityKey | 'path';
  /** The item of `path=` that was looked at. */
  readonly item: Token;
  readonly isFirst: boolean;
  readonly fn: PciFunction | undefined;
  /** What the host has; `null`: known to have none, `undefined`: no device. */
  readonly wanted: string | null | undefined;
}

/**
 * What Proxmox would refuse of a `map` line on its own node, as far as the host is known. Missing properties are not
 * among it. A value that differs for the first address is marked itself, else the address that it does not fit.
 */
export function* mismatchesOf(entry: MapEntry, inventory: Inventory): Generator<Mismatch> {
  const path = partOf(entry, 'path')?.value;
  for (const [index, item] of (path ? pathItems(path) : []).entries()) {
    const fn = comparedFunction(inventory, item.text);
    const isFirst = index === 0;
    if (!fn) {
      if (isAbsent(inventory, item)) yield { token: item, key: 'path', item, isFirst, fn, wanted: undefined };
      continue;
    }
    const differing = identityKeys.filter(key => differs(entry, fn, key) && (isFirst || key !== 'iommugroup'));
    for (const key of isFirst ? differing : differing.slice(0, 1)) {
      const token = isFirst ? partOf(entry, key)?.value : item;
      if (token) yield { token, key, item, isFirst, fn, wanted: identityOf(fn)[key] };
    }
  }
}

/** Compared as text; upper case alone has a rule of its own. */
function differs(entry: MapEntry, fn: PciFunction, key: IdentityKey): boolean {
  const written = partOf(entry, key)?.value.text;
  const wanted = identityOf(fn)[key];
  if (written === undefined || wanted === undefined) return false;
  return wanted !== (key === 'iommugroup' ? written : written.toLowerCase());
}

/** Only a whole list of devices tells that one is absent, and a VF that nobody has made yet may still come. */
function isAbsent(inventory: Inventory, item: Token): boolean {
  if (!inventory.complete || comparedAddress(item.text) === undefined) return false;
  return !inventory.functions.some(fn => (fn.vfTotal ?? 0) > 0 && (fn.vfCount ?? 0) < (fn.vfTotal ?? 0));
}
