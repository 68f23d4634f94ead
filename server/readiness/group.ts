import type { Inventory } from '../../host/inventory.ts';
import { groupMembers } from '../../host/inventory.ts';
import { bootArguments } from '../facts/bootArguments.ts';
import { isVital, lossesOf } from '../facts/groupFaults.ts';
import { named } from '../rules/deviceRule.ts';
import { needLabel } from '../values/deviceCard.ts';
import { fact } from './evidence.ts';
import type { Scene, Unit } from './scene.ts';
import { type Draft, failed, notAsked, passed, skipped, unknown, warning } from './step.ts';
import { companionsOf } from './units.ts';

/** The IOMMU group of a device: Proxmox hands over the whole of it. */
export function iommuGroup(unit: Unit): Draft {
  if (unit.kind === 'mediated') return skipped('A mediated device gets a group of its own when it is made.');
  const without = unit.functions.find(fn => fn.iommuGroup === null);
  if (without)
    return failed(
      `${named(without)} is in no IOMMU group.`,
      'Without an IOMMU at work no device is; else the firmware leaves this one out.',
    );
  const unclear = unit.functions.find(fn => fn.iommuGroup === undefined);
  if (unclear)
    return unknown(
      `The group of ${named(unclear)} is not known.`,
      `See "readlink /sys/bus/pci/devices/${unclear.address}/iommu_group".`,
    );
  return passed(...unit.functions.map(fn => `${fn.address} is in group ${fn.iommuGroup}.`));
}

export function groupIsolation({ inventory, units }: Scene, unit: Unit): Draft {
  if (unit.kind === 'mediated') return skipped('A mediated device gets a group of its own when it is made.');
  if (!inventory) return notAsked();
  const groups = groupsOf(unit);
  if (groups.length === 0) return skipped('It is in no group that is known.');
  const companions = companionsOf(inventory, unit, units);
  if (companions.length === 0) {
    return inventory.complete
      ? passed(...groups.map(group => fact(membersText(inventory, group))))
      : passed(...groups.map(group => fact(`${membersText(inventory, group)} (of the devices that are known)`)));
  }
  const losses = lossesOf(inventory, companions);
  const evidence = [
    ...companions.map(fn =>
      fact(`Group ${fn.iommuGroup} also holds ${named(fn)}${fn.driver ? `, driver ${fn.driver}` : ''}.`),
    ),
    ...losses.map(({ fn, need }) => fact(`The host needs ${fn.address}: ${needLabel(need)}.`)),
  ];
  const advice =
    'Pass all of them to the same VM, or try another slot, a firmware update or a newer kernel. The ACS override is the last resort: it gives up the isolation.';
  return unit.kind === 'whole' && losses.some(isVital) ? failed(evidence, advice) : warning(evidence, advice);
}

export const groupsOf = (unit: Unit): readonly number[] => [
  ...new Set(unit.functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number')),
];

const membersText = (inventory: Inventory, group: number): string =>
  `Group ${group}: ${groupMembers(inventory, group)
    .map(fn => `${fn.address}${fn.isBridge || fn.classId?.startsWith('06') ? ' (bridge)' : ''}`)
    .join(', ')}`;

export function acsOverride({ world, anchor, inventory }: Scene): Draft {
  const { configured, running } = bootArguments(world, anchor);
  const found =
    running?.find(({ id }) => id === 'pcie_acs_override') ??
    configured?.find(({ parameter }) => parameter.id === 'pcie_acs_override')?.parameter;
  if (found)
    return warning(
      `${found.whole.text}: groups are split that the hardware does not keep apart.`,
      "Devices in such groups can reach each other's memory. Take it out where the groups are separate without it.",
    );
  if (running === undefined)
    return inventory
      ? unknown('The parameters of the running kernel are not known.', 'See "cat /proc/cmdline".')
      : notAsked();
  return passed('The running kernel has no pcie_acs_override.');
}

export function reservedMemory({ inventory }: Scene, unit: Unit): Draft {
  if (unit.kind === 'mediated') return skipped('The device stays with the host.');
  if (!inventory) return notAsked();
  const direct = inventory.groupsWithDirectRegions;
  if (direct === undefined)
    return unknown(
      'The reserved regions of the groups are not known.',
      'See "cat /sys/kernel/iommu_groups/*/reserved_regions": a region of type direct is meant.',
    );
  const hit = groupsOf(unit).filter(group => direct.includes(group));
  if (hit.length === 0) return passed('Its group has no reserved region of type direct.');
  const isExcepted = unit.functions.every(fn => /^(?:03|0c03|0403|0c80)/.test(fn.classId ?? ''));
  const evidence = [fact(`Group ${hit.join(', ')} has a reserved region of type direct.`)];
  return isExcepted
    ? passed(...evidence, 'Graphics and USB controllers are excepted by the kernel.')
    : warning(evidence, 'See "dmesg | grep ineligible": the kernel may refuse to hand it over.');
}
