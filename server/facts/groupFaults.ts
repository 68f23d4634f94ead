import { functionAt, type HostNeed, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { slotOf } from '../../host/pciAddress.ts';
import { needsOf } from '../values/deviceCard.ts';
import type { World } from '../workspace/world.ts';
import type { Handover } from './handovers.ts';

/** Something of the host's that a handover takes along. */
export interface Loss {
  readonly fn: PciFunction;
  readonly need: HostNeed;
}

const vital: ReadonlySet<HostNeed['kind']> = new Set(['root-disk', 'disk', 'bridge-nic', 'cluster-nic', 'host-nic']);

/** True for disks and networks: without its console or its keyboard a host still runs. */
export const isVital = ({ need }: Loss): boolean => vital.has(need.kind);

/** What the host loses of some functions, disks and networks first. */
export const lossesOf = (inventory: Inventory, functions: readonly PciFunction[]): readonly Loss[] => {
  const losses = functions.flatMap(fn => needsOf(inventory, fn.address).map(need => ({ fn, need })));
  return [...losses.filter(isVital), ...losses.filter(loss => !isVital(loss))];
};

/** True for another port of a network card of which the guest gets a port. */
export const isOtherPort = (handover: Handover, fn: PciFunction): boolean =>
  isNetwork(fn) && handover.passed.some(one => isNetwork(one.fn) && slotOf(one.fn.address) === slotOf(fn.address));

const isNetwork = (fn: PciFunction): boolean => fn.classId?.startsWith('02') === true;

/**
 * Members of a device's IOMMU group that are there because of the kernel: it is one that is known to merge groups, or the
 * host ran another one when it was asked before and the group did not have them then.
 */
export function mergedByKernel(world: World, inventory: Inventory, handover: Handover): readonly PciFunction[] {
  if (handover.kind !== 'whole') return [];
  if (mergesGroups(inventory.kernel.release)) return behindOtherPorts(handover);
  const previous = world.snapshots.find(one => one.inventory === inventory)?.previous;
  const was = previous?.kernel.release;
  if (!previous || was === undefined || was === inventory.kernel.release || overridesAcs(previous)) return [];
  const groups = handover.passed.map(({ fn }) => functionAt(previous, fn.address)?.iommuGroup);
  // A card that was not there before says nothing, and neither does one that was in no group.
  if (!groups.every(group => typeof group === 'number')) return [];
  return handover.companions.filter(fn => {
    const group = functionAt(previous, fn.address)?.iommuGroup;
    return typeof group === 'number' && !groups.includes(group);
  });
}

const overridesAcs = ({ kernel }: Inventory): boolean => kernel.commandLine?.includes('pcie_acs_override=') === true;

/**
 * True for Proxmox kernels that put devices of several root ports into one IOMMU group.
 * Source: pve-kernel fa57551 (fixed in 6.8.12-30), kernel bugzilla 221234.
 */
export const mergesGroups = (release: string | undefined): boolean => release === '6.8.12-29-pve';

/** Companions behind another port than the device: on another bus. */
function behindOtherPorts(handover: Handover): readonly PciFunction[] {
  const buses = new Set(handover.passed.map(({ fn }) => busOf(fn)));
  return handover.companions.filter(fn => !buses.has(busOf(fn)));
}

const busOf = (fn: PciFunction): string => slotOf(fn.address).slice(0, -3);
