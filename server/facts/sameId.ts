import { functionAt, type Inventory, type PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { functionsWithId, idText, parseDeviceId } from '../languages/modprobe/vfioIds.ts';
import type { World } from '../workspace/world.ts';
import { claimsOn } from './deviceUse.ts';

/**
 * Devices that a list of ids would take from the host along with a function, because they have its id: neither virtual
 * functions, which are made later, nor what a VM gets anyway.
 */
export function othersOfId(
  world: World,
  file: SourceFile,
  inventory: Inventory,
  fn: PciFunction,
): readonly PciFunction[] {
  const id = parseDeviceId(idText(fn) ?? '');
  if (!id || functionAt(inventory, fn.address) === undefined) return [];
  return functionsWithId(inventory, id).filter(
    other =>
      other.address !== fn.address &&
      other.physicalFunction === undefined &&
      !claimsOn(world, file, other.address).some(({ by }) => by === 'vm'),
  );
}
