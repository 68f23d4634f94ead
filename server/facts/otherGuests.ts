import { isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Entry, property, textOfProperty } from '../languages/vmConf/config.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { filesOf, inventoryOf, type World } from '../workspace/world.ts';
import { grouped } from './grouped.ts';
import { type Handover, handoversOf, usesMappings } from './handovers.ts';
import { choicesOf, type Item } from './passedDevices.ts';

/** An address that a VM gets whole, as one of its `hostpciN` entries names it. */
export interface NamedUse {
  readonly file: SourceFile<VmConf>;
  readonly entry: Entry;
  readonly item: Item;
}

/** A function of the host that a VM gets. */
export interface FunctionUse {
  readonly file: SourceFile<VmConf>;
  readonly handover: Handover;
  readonly fn: PciFunction;
}

/** What other VMs of the same node name of a slot. Works without a host's facts; mappings with alternatives are left out. */
export const othersInSlot = (world: World, file: SourceFile<VmConf>, slot: string): readonly NamedUse[] =>
  others(file, indexOf(world).bySlot.get(`${placeKey(file)}\n${slot}`));

/** What other VMs of the same node get of an IOMMU group, whole. */
export const othersInGroup = (world: World, file: SourceFile<VmConf>, group: number): readonly FunctionUse[] =>
  others(file, indexOf(world).byGroup.get(`${placeKey(file)}\n${group}`));

/** True where another VM gets one of the functions that this one gets: then they cannot run together anyway. */
export const sharesFunction = (world: World, file: SourceFile<VmConf>, other: SourceFile<VmConf>): boolean =>
  handoversOf(world, file).some(({ passed }) =>
    passed.some(({ fn }) => usesOf(world, file, fn.address).some(use => use.file === other)),
  );

/** The `hostpciN` entries of VMs of the same node that use a mapping for whole devices, this VM's included. */
export const usersOfMapping = (world: World, file: SourceFile<VmConf>, id: string): readonly MappingUse[] =>
  isInTree(file) ? (indexOf(world).byMapping.get(`${placeKey(file)}\n${id}`) ?? []) : [];

/** What any VM of the same node gets of a function, this one included. */
export const usesOf = (world: World, file: SourceFile<VmConf>, address: string): readonly FunctionUse[] =>
  isInTree(file)
    ? (indexOf(world).byFunction.get(`${placeKey(file)}\n${address}`) ?? [])
    : functionUses(world, file).filter(({ fn }) => fn.address === address);

/** The VMs of the same node, this one included. Files outside of a copied tree need not belong together. */
export const vmsOfNode = (world: World, file: SourceFile<VmConf>): readonly SourceFile<VmConf>[] =>
  isInTree(file) ? (indexOf(world).byNode.get(placeKey(file)) ?? []) : [file];

/** An entry that takes one of a mapping's devices. */
export interface MappingUse {
  readonly file: SourceFile<VmConf>;
  readonly entry: Entry;
}

interface Index {
  readonly byMapping: ReadonlyMap<string, readonly MappingUse[]>;
  readonly byNode: ReadonlyMap<string, readonly SourceFile<VmConf>[]>;
  readonly bySlot: ReadonlyMap<string, readonly NamedUse[]>;
  readonly byGroup: ReadonlyMap<string, readonly FunctionUse[]>;
  readonly byFunction: ReadonlyMap<string, readonly FunctionUse[]>;
}

const indexes = new WeakMap<World, Index>();

function indexOf(world: World): Index {
  let index = indexes.get(world);
  if (!index) {
    const files = filesOf(world, vmConf).filter(isInTree);
    const named = files.flatMap(file => namedUses(world, file));
    const used = files.flatMap(file => functionUses(world, file));
    index = {
      byNode: grouped(files, placeKey),
      byMapping: grouped(files.flatMap(mappingUses), ({ file, entry }) => {
        const id = textOfProperty(entry, 'mapping');
        return id === undefined ? undefined : `${placeKey(file)}\n${id}`;
      }),
      bySlot: grouped(named, ({ file, item }) => `${placeKey(file)}\n${item.slot}`),
      byGroup: grouped(
        used.filter(({ fn, handover }) => handover.kind !== 'mediated' && !isPassiveMember(fn)),
        ({ file, fn }) => (typeof fn.iommuGroup === 'number' ? `${placeKey(file)}\n${fn.iommuGroup}` : undefined),
      ),
      byFunction: grouped(used, ({ file, fn }) => `${placeKey(file)}\n${fn.address}`),
    };
    indexes.set(world, index);
  }
  return index;
}

const isInTree = (file: SourceFile): boolean => file.place.root !== '';

const placeKey = ({ place }: SourceFile): string => `${place.root}\n${place.node ?? ''}`;

/** A copy of a host can have a VM twice: below its node, and where /etc/pve/qemu-server leads to the same. */
const others = <T extends { readonly file: SourceFile }>(
  file: SourceFile,
  uses: readonly T[] | undefined,
): readonly T[] => (uses ?? []).filter(one => one.file.uri !== file.uri && one.file.place.vmid !== file.place.vmid);

/** Of VMs without mappings: they outlive a world. */
const lasting = new WeakMap<SourceFile<VmConf>, { readonly inventory: unknown; readonly uses: readonly NamedUse[] }>();

function namedUses(world: World, file: SourceFile<VmConf>): readonly NamedUse[] {
  const inventory = inventoryOf(world, file);
  const kept = lasting.get(file);
  if (kept && kept.inventory === inventory) return kept.uses;
  const uses = settingsAtStart(file)
    .family('hostpci')
    .flatMap(entry => {
      const choices = property(entry, 'mdev') ? [] : choicesOf(world, file, entry);
      return choices?.length === 1 ? (choices[0]?.items ?? []).map(item => ({ file, entry, item })) : [];
    });
  if (!usesMappings(file)) lasting.set(file, { inventory, uses });
  return uses;
}

const mappingUses = (file: SourceFile<VmConf>): readonly MappingUse[] =>
  settingsAtStart(file)
    .family('hostpci')
    .filter(entry => !property(entry, 'mdev'))
    .map(entry => ({ file, entry }));

const functionUses = (world: World, file: SourceFile<VmConf>): readonly FunctionUse[] =>
  handoversOf(world, file).flatMap(handover => handover.passed.map(({ fn }) => ({ file, handover, fn })));
