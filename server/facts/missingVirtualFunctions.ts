import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import type { World } from '../workspace/world.ts';
import { virtualFunctionRequests } from './virtualFunctionRequests.ts';

/**
 * The card of which a device that the host lacks may be a virtual function: one that has fewer of them than it could, or
 * that a file of the host asks for some. They appear on the bus of their card or shortly behind it.
 */
export function cardOfMissing(
  world: World,
  file: SourceFile,
  inventory: Inventory,
  address: string,
): string | undefined {
  const bus = busOf(address);
  const cards = inventory.functions.filter(fn => fn.vfTotal && (fn.vfCount ?? 0) < fn.vfTotal).map(fn => fn.address);
  const asked = virtualFunctionRequests(world, file).map(one => one.address);
  return [...cards, ...asked].find(card => {
    const distance = bus.number - busOf(card).number;
    return busOf(card).domain === bus.domain && distance >= 0 && distance <= 2;
  });
}

function busOf(address: string): { domain: string; number: number } {
  const [domain = '', bus = ''] = address.split(':');
  return { domain, number: Number.parseInt(bus, 16) };
}
