import { deviceLabel, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import { shortAddress } from '../../../host/pciAddress.ts';
import { canonicalName } from './tree.ts';

const known = new WeakMap<Inventory, ReadonlyMap<string, string>>();

/** Modules that mean something on a host, by canonical name, with what to say of them in a few words. */
export function hostModules(inventory: Inventory): ReadonlyMap<string, string> {
  let found = known.get(inventory);
  if (!found) {
    found = collect(inventory);
    known.set(inventory, found);
  }
  return found;
}

/** Functions that a module drives now. */
export const drivenBy = (inventory: Inventory, module: string): readonly PciFunction[] =>
  inventory.functions.filter(fn => typeof fn.driver === 'string' && canonicalName(fn.driver) === module);

/** Functions that a module claims by their ids, whatever drives them now. */
export const claimedBy = (inventory: Inventory, module: string): readonly PciFunction[] =>
  inventory.functions.filter(fn => fn.modules?.some(name => canonicalName(name) === module));

function collect(inventory: Inventory): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const fn of inventory.functions) {
    const text = `${shortAddress(fn.address)} ${deviceLabel(fn)}`;
    const names = [...(fn.modules ?? []), ...(fn.driver ? [fn.driver] : [])].map(canonicalName);
    for (const name of new Set(names)) found.set(name, found.has(name) ? `${found.get(name)}, …` : text);
  }
  for (const name of inventory.loadedModules ?? []) if (!found.has(name)) found.set(name, 'loaded');
  return new Map([...found].map(([name, text]) => [name, text.replace(/(?:, …)+$/, ', …')]));
}
