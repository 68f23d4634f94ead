import assert from 'node:assert/strict';
import type { Inventory } from '../../host/inventory.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';

/** Whatever the text was: addresses are addresses, each stands once, gaps are no flood. */
export function assertSound(inventory: Inventory): void {
  const addresses = inventory.functions.map(fn => fn.address);
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) assert.equal(parsePciAddress(address), address);
  assert.ok(inventory.gaps.length <= 70_000);
}
