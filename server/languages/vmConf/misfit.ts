import type { PciFunction } from '../../../host/inventory.ts';
import type { Surroundings } from '../language.ts';
import { functionsAt } from './hostDevices.ts';
import { machineOf } from './machine.ts';
import { mappedAddresses } from './mappings.ts';
import { own } from './schema.ts';
import type { PartSlot } from './slot.ts';
import type { VmConf } from './tree.ts';
import { settingsOf, siblingText } from './valueRequest.ts';

/** A property string with what is around it. */
export interface PartContext {
  readonly tree: VmConf;
  readonly slot: PartSlot;
  readonly around: Surroundings;
}

/** Why a sub-property would not work in a property string, in two or three words; `undefined` where nothing says so. */
export function misfit(
  context: PartContext,
  name: string,
  isGiven: (slot: PartSlot, name: string) => boolean,
): string | undefined {
  const { slot } = context;
  const requires = slot.option.schema.properties?.[name]?.requires;
  if (requires !== undefined && !isGiven(slot, requires)) return `needs ${requires}`;
  return own(reasons, `${slot.option.name}.${name}`)?.(context);
}

type Reason = (context: PartContext) => string | undefined;

const reasons: Readonly<Record<string, Reason>> = {
  'hostpci.pcie': context => (machineOf(settingsOf(context)).isQ35 ? undefined : 'needs machine: q35'),
  'hostpci.legacy-igd': context =>
    machineOf(settingsOf(context)).isQ35 ? 'not with q35' : unless(context, isIntelDisplay, 'only for an Intel iGPU'),
  'hostpci.x-vga': context => unless(context, isDisplay, 'no display device'),
  'hostpci.mdev': context =>
    unless(context, fn => fn.mdevTypes === undefined || fn.mdevTypes.length > 0, 'the device offers none'),
};

/** The reason, when the functions of the entry are known and none of them passes. */
function unless(context: PartContext, test: (fn: PciFunction) => boolean, reason: string): string | undefined {
  const functions = functionsOfEntry(context);
  return functions.length > 0 && !functions.some(test) ? reason : undefined;
}

const isDisplay = (fn: PciFunction): boolean => fn.classId === undefined || fn.classId.startsWith('03');
const isIntelDisplay = (fn: PciFunction): boolean => isDisplay(fn) && (fn.vendorId ?? '8086') === '8086';

/** The functions that the entry names itself or by its mapping, as the host has them. */
export function functionsOfEntry({ slot, around }: Pick<PartContext, 'slot' | 'around'>): readonly PciFunction[] {
  const { inventory } = around;
  if (!inventory) return [];
  const mapping = siblingText({ slot }, 'mapping');
  const items = siblingText({ slot }, 'host')?.split(';') ?? (mapping ? mappedAddresses(around, mapping) : []);
  return items.flatMap(item => functionsAt(inventory, item));
}
