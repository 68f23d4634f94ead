import { isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { grouped } from '../facts/grouped.ts';
import { isVital, type Loss, lossesOf, mergesGroups } from '../facts/groupFaults.ts';
import { isIntelGraphics } from '../facts/intelGraphics.ts';
import { named } from '../rules/deviceRule.ts';
import { needLabel } from '../values/deviceCard.ts';
import { claimant, claimsOf } from './claims.ts';
import { consoleLoss } from './console.ts';
import { functionsAt, groupCompany } from './devices.ts';
import type { Ground } from './ground.ts';

/**
 * Why functions must not be bound to vfio-pci: the host would lose its disk, its network or its only console with them or
 * with what else is in their IOMMU groups, VFs would vanish, or it is a bridge. One sentence a reason, with the evidence.
 */
export function wholeRefusals(ground: Ground, functions: readonly PciFunction[]): readonly string[] {
  const { inventory } = ground;
  const company = groupCompany(inventory, functions);
  const console = consoleLoss(ground, functions, company);
  return [
    ...functions
      .filter(isPassiveMember)
      .map(fn => `${named(fn)} is a bridge or a passive part of the chipset: only endpoints can be passed through.`),
    ...byFunction(lossesOf(inventory, functions).filter(isVital)).map(ownLoss),
    ...byFunction(lossesOf(inventory, company).filter(isVital)).map(losses => companyLoss(ground, losses, functions)),
    ...functions.flatMap(fn => virtualFunctionsLost(ground, fn) ?? []),
    ...(console === undefined ? [] : [console]),
  ];
}

const byFunction = (losses: readonly Loss[]): readonly (readonly Loss[])[] => [
  ...grouped(losses, ({ fn }) => fn.address).values(),
];

const needsIn = (losses: readonly Loss[]): string => losses.map(({ need }) => needLabel(need)).join(', ');

const ownLoss = (losses: readonly Loss[]): string =>
  `The host stands on ${named((losses[0] as Loss).fn)}: ${needsIn(losses)}.`;

function companyLoss({ inventory }: Ground, losses: readonly Loss[], functions: readonly PciFunction[]): string {
  const { fn } = losses[0] as Loss;
  const partner = functions.find(one => one.iommuGroup === fn.iommuGroup);
  const beside = partner ? ` with ${partner.address}` : '';
  const kernel = mergesGroups(inventory.kernel.release)
    ? ` Kernel ${inventory.kernel.release} puts devices of several ports into one group: update it first.`
    : ' Try another slot or a firmware update.';
  return `The host stands on ${named(fn)}, which is in IOMMU group ${fn.iommuGroup}${beside} and leaves its driver with it: ${needsIn(losses)}.${kernel}`;
}

/** VMs with a function or a slice of it: NVIDIA's cards make their vGPUs on virtual functions. */
const guestsOn = (ground: Ground, fn: PciFunction) => claimsOf(ground, fn).filter(({ by }) => by === 'vm');

/** When a physical function leaves its driver, its VFs vanish. */
function virtualFunctionsLost(ground: Ground, fn: PciFunction): string | undefined {
  const virtual = functionsAt(ground.inventory, fn.virtualFunctions ?? []);
  const used = virtual.find(one => guestsOn(ground, one).length > 0);
  const [loss] = lossesOf(ground.inventory, virtual);
  if (virtual.length === 0 || (!used && !loss && !isIntelGraphics(fn))) return undefined;
  const [taker] = used ? guestsOn(ground, used) : [];
  const why =
    used && taker
      ? `${claimant(taker)} has ${used.address}`
      : loss
        ? `${loss.fn.address} is the ${needLabel(loss.need)}`
        : `there are ${virtual.length} of them`;
  return `The virtual functions of ${named(fn)} vanish when it leaves its driver, and ${why}: pass virtual functions only.`;
}
