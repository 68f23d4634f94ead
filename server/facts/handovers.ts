import { functionAt, type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { slotOf } from '../../host/pciAddress.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Entry, property, textOfProperty } from '../languages/vmConf/config.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { type Span, tokenSpan } from '../text/span.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { grouped } from './grouped.ts';
import { choicesOf, type Item, nodeMappings } from './passedDevices.ts';

/** What one `hostpciN` entry takes from the host at the next start. */
export interface Handover {
  readonly entry: Entry;
  /**
   * `whole`: Proxmox binds the device and its IOMMU group to vfio-pci. `mediated`: a slice is made of it (`mdev=`) and
   * the host's driver stays. `kept`: with `driver=keep` nothing is bound.
   */
  readonly kind: 'whole' | 'mediated' | 'kept';
  /** The functions that the guest gets, as far as the host has them. */
  readonly passed: readonly Passed[];
  /**
   * Other functions of the same IOMMU groups that this VM does not get, bridges left out: those that a `whole` handover
   * takes from their drivers as well.
   * Source: pve-common, PVE/SysFSTools.pm pci_dev_group_bind_to_vfio.
   */
  readonly companions: readonly PciFunction[];
}

/** A function that the guest gets, and where the file names it. */
export interface Passed {
  readonly fn: PciFunction;
  readonly span: Span;
}

const kept = new WeakMap<
  VmConf,
  {
    readonly inventory: Inventory;
    readonly isMapped: boolean;
    readonly mappings: unknown;
    readonly handovers: readonly Handover[];
  }
>();

/**
 * The handovers of a VM, by index. Entries of which it is not certain what they come to are left out: mappings with
 * alternatives, devices that the host does not have. Empty where the host is not known, and for templates.
 * The same array as long as the VM, its host and the mappings that it uses are.
 */
export function handoversOf(world: World, file: SourceFile<VmConf>): readonly Handover[] {
  const inventory = inventoryOf(world, file);
  if (!inventory) return none;
  const known = kept.get(file.tree);
  if (known?.inventory === inventory && (!known.isMapped || known.mappings === nodeMappings(world, file, 'pci'))) {
    return known.handovers;
  }
  const handovers = work(world, file, inventory);
  const mappings = nodeMappings(world, file, 'pci');
  kept.set(file.tree, { inventory, isMapped: usesMappings(file), mappings, handovers });
  return handovers;
}

const none: readonly Handover[] = [];

/** True where what a VM gets also depends on the file of the mappings. */
const usesMappings = (file: SourceFile<VmConf>): boolean =>
  settingsAtStart(file)
    .family('hostpci')
    .some(entry => property(entry, 'mapping'));

function work(world: World, file: SourceFile<VmConf>, inventory: Inventory): readonly Handover[] {
  const entries = settingsAtStart(file)
    .family('hostpci')
    .map(entry => ({ entry, kind: kindOf(entry), passed: passedBy(world, file, entry, inventory) }))
    .filter(({ passed }) => passed.length > 0);
  const own = new Set(entries.flatMap(({ passed }) => passed.map(({ fn }) => fn.address)));
  return entries.map(one => ({ ...one, companions: companionsOf(inventory, one.passed, own) }));
}

const kindOf = (entry: Entry): Handover['kind'] => {
  if (property(entry, 'mdev')) return 'mediated';
  return textOfProperty(entry, 'driver') === 'keep' ? 'kept' : 'whole';
};

function passedBy(world: World, file: SourceFile<VmConf>, entry: Entry, inventory: Inventory): readonly Passed[] {
  const choices = choicesOf(world, file, entry);
  if (choices?.length !== 1) return [];
  return (choices[0]?.items ?? []).flatMap(item =>
    membersOf(inventory, item).map(fn => ({ fn, span: spanOf(entry, item) })),
  );
}

/** Where an entry names an item: its address, or the mapping that stands for it. */
export const spanOf = (entry: Entry, item: Item): Span =>
  tokenSpan(entry.line, item.token ?? property(entry, 'mapping')?.value ?? entry.value);

/** The functions of the host that an item stands for. */
export function membersOf(inventory: Inventory, item: Item): readonly PciFunction[] {
  if (item.function === undefined) return membersOfSlot(inventory, item.slot);
  const fn = functionAt(inventory, item.function);
  return fn ? [fn] : [];
}

/** All functions of a slot (`0000:01:00`), without a walk over all functions. */
export const membersOfSlot = (inventory: Inventory, slot: string): readonly PciFunction[] =>
  indexOf(inventory).bySlot.get(slot) ?? [];

/** All functions of an IOMMU group, without a walk over all functions. */
export const membersOfGroup = (inventory: Inventory, group: number): readonly PciFunction[] =>
  indexOf(inventory).byGroup.get(group) ?? [];

function companionsOf(
  inventory: Inventory,
  passed: readonly Passed[],
  own: ReadonlySet<string>,
): readonly PciFunction[] {
  const groups = new Set(passed.map(({ fn }) => fn.iommuGroup).filter(group => typeof group === 'number'));
  return [...groups]
    .flatMap(group => membersOfGroup(inventory, group))
    .filter(fn => !own.has(fn.address) && !isPassiveMember(fn));
}

interface Index {
  readonly bySlot: ReadonlyMap<string, readonly PciFunction[]>;
  readonly byGroup: ReadonlyMap<number, readonly PciFunction[]>;
}

const indexes = new WeakMap<Inventory, Index>();

function indexOf(inventory: Inventory): Index {
  let index = indexes.get(inventory);
  if (!index) {
    index = {
      bySlot: grouped(inventory.functions, fn => slotOf(fn.address)),
      byGroup: grouped(inventory.functions, fn => fn.iommuGroup ?? undefined),
    };
    indexes.set(inventory, index);
  }
  return index;
}
