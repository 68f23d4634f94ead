import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { configOf, isOn, isTemplate } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { haResource } from './clusterFiles.ts';

/** True where the VM is started without anybody asking: with the host (`onboot`), or by the HA manager. */
export function startsByItself(world: World, file: SourceFile<VmConf>): boolean {
  const config = configOf(file);
  if (isTemplate(config)) return false;
  if (isOn(config.next, 'onboot')) return true;
  const resource = haResource(world, file);
  return resource !== undefined && /^(?:started|enabled)$/.test(resource.state);
}

/** Whether the VM ran when the host was asked; `undefined` where that is not known. */
export function isRunning(world: World, file: SourceFile): boolean | undefined {
  const inventory = inventoryOf(world, file);
  return inventory && file.place.vmid !== undefined ? statesIn(inventory).get(file.place.vmid) : undefined;
}

const states = new WeakMap<Inventory, ReadonlyMap<number, boolean | undefined>>();

function statesIn(inventory: Inventory): ReadonlyMap<number, boolean | undefined> {
  let known = states.get(inventory);
  if (!known) {
    const vms = (inventory.guests ?? []).filter(({ kind }) => kind === 'qemu');
    known = new Map(vms.toReversed().map(({ vmid, running }) => [vmid, running]));
    states.set(inventory, known);
  }
  return known;
}
