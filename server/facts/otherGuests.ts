import { isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { type PciAddress, slotOf } from '../../host/pciAddress.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Entry, property, textOfProperty } from '../languages/vmConf/config.ts';
import { hostAddresses } from '../languages/vmConf/machine.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { FileIndex } from '../workspace/fileIndex.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { startsByItself } from './guestStart.ts';
import { type Handover, handoversOf, membersOfGroup } from './handovers.ts';
import { mappingsOn } from './mappingsOn.ts';
import { choicesOf, type Item } from './passedDevices.ts';
import { placeKey } from './perNode.ts';

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

/**
 * The first entry of another VM of the same node that gets some of a device whole. Works without a host's facts; mappings
 * with alternatives are left out.
 */
export function otherOnDevice(world: World, file: SourceFile<VmConf>, item: Item): NamedUse | undefined {
  for (const vm of vmsWith(world, file, addressesIn(item))) {
    const use = isOther(file, vm) ? namedUses(world, vm).find(one => overlaps(one.item, item)) : undefined;
    if (use) return use;
  }
  return undefined;
}

/**
 * What other VMs of the same node get of an IOMMU group, whole. VMs that get one of the functions that this one gets are
 * left out: they cannot run together anyway.
 */
export function* rivalsInGroup(world: World, file: SourceFile<VmConf>, group: number): Generator<FunctionUse> {
  const inventory = inventoryOf(world, file);
  if (!inventory) return;
  const own = new Set(functionUses(world, file).map(({ fn }) => fn));
  const members = membersOfGroup(inventory, group).filter(fn => !own.has(fn) && !isPassiveMember(fn));
  // Who has a whole slot of which this VM has a function shares that one.
  const ownSlots = new Set([...own].map(({ address }) => slotOf(address)));
  const names = members.flatMap(({ address }) => (ownSlots.has(slotOf(address)) ? [address] : placesOf(address)));
  for (const vm of vmsWith(world, file, names)) {
    const uses = isOther(file, vm) ? functionUses(world, vm) : [];
    if (uses.some(({ fn }) => own.has(fn))) continue;
    yield* uses.filter(({ fn, handover }) => handover.kind !== 'mediated' && members.includes(fn));
  }
}

/** The VMs of the same node with an entry for a function, itself or through a mapping, this one included. By URI. */
export const vmsNaming = (world: World, file: SourceFile<VmConf>, address: string): Iterable<SourceFile<VmConf>> =>
  isInTree(file) ? vmsWith(world, file, placesOf(address)) : [file];

/** What any VM of the same node gets of a function, this one included. */
export function* usesOf(world: World, file: SourceFile<VmConf>, address: string): Generator<FunctionUse> {
  for (const vm of vmsNaming(world, file, address))
    yield* functionUses(world, vm).filter(({ fn }) => fn.address === address);
}

/** The first of some uses that is so; they are looked for one after the other. */
export function firstUse<Use>(uses: Iterable<Use>, is: (use: Use) => boolean): Use | undefined {
  for (const use of uses) if (is(use)) return use;
  return undefined;
}

/** How many entries use a mapping for whole devices, in how many VMs: those of the same node that start by themselves. */
export function startingUsesOfMapping(
  world: World,
  file: SourceFile<VmConf>,
  id: string,
): { uses: number; vms: number } {
  const vmsWithNth = (nth: number): number => index.get(world, keyOf(file, nthUse(id, nth))).length;
  const vms = vmsWithNth(1);
  let uses = vms;
  for (let nth = 2, more = vmsWithNth(nth); more > 0; more = vmsWithNth(++nth)) uses += more;
  return { uses, vms };
}

/** Files outside of a copied tree need not belong together. */
const isInTree = (file: SourceFile): boolean => file.place.root !== '';

/** VMs by their node and what they name: a function, a whole slot, a mapping; those that start by themselves by more. */
const index = new FileIndex<World, VmConf>((file, world) => {
  if (!isInTree(file) || file.place.language !== vmConf.id) return [];
  const vm = file as SourceFile<VmConf>;
  return [...namesIn(vm), ...(startsByItself(world, vm) ? mappedBy(vm) : [])].map(what => keyOf(file, what));
});
const mappingKey = (id: string): string => `mapping ${id}`;
const nthUse = (id: string, nth: number): string => `starts with mapping ${nth} ${id}`;
const keyOf = (file: SourceFile, what: string): string => `${placeKey(file)}\n${what}`;

const namesIn = (vm: SourceFile<VmConf>): readonly string[] =>
  settingsAtStart(vm)
    .family('hostpci')
    .flatMap(entry => [
      ...[textOfProperty(entry, 'mapping') ?? []].flat().map(mappingKey),
      ...hostAddresses(entry).flatMap(({ slot, function: fn }) => fn ?? slot ?? []),
    ]);

/** Of a VM that starts by itself: each of its entries with a mapping, and how many of them have the same one. */
function mappedBy(vm: SourceFile<VmConf>): readonly string[] {
  const mapped = settingsAtStart(vm)
    .family('hostpci')
    .flatMap(entry => (property(entry, 'mdev') ? [] : (textOfProperty(entry, 'mapping') ?? [])));
  return mapped.map((id, at) => nthUse(id, mapped.slice(0, at + 1).filter(other => other === id).length));
}

/** Where a function can be named: by itself, or with its slot. */
const placesOf = (address: string): readonly string[] => [address, slotOf(address as PciAddress)];

/** How entries that share a function with an item can name it. */
const addressesIn = ({ slot, function: fn }: Item): readonly string[] =>
  fn === undefined ? [slot, ...[0, 1, 2, 3, 4, 5, 6, 7].map(number => `${slot}.${number}`)] : [fn, slot];

/** An address without a function is every function of the slot. */
const overlaps = (a: Item, b: Item): boolean =>
  a.slot === b.slot && (a.function === undefined || b.function === undefined || a.function === b.function);

/** The VMs that name one of some addresses, themselves or through a mapping; by URI, each once, looked for on demand. */
function* vmsWith(world: World, file: SourceFile<VmConf>, addresses: readonly string[]): Generator<SourceFile<VmConf>> {
  const mappings = mappingsOn(world, file);
  const names = new Set(addresses.flatMap(address => [address, ...(mappings.get(address) ?? []).map(mappingKey)]));
  yield* merged([...names].map(name => index.get(world, keyOf(file, name))));
}

/** Lists that are sorted by URI as one, without what is in several. */
function* merged<File extends SourceFile>(lists: readonly (readonly File[])[]): Generator<File> {
  const open = lists.filter(list => list.length > 0).map(list => ({ list, at: 0 }));
  for (;;) {
    let next: File | undefined;
    for (const { list, at } of open) {
      const head = list[at];
      if (head && (!next || head.uri < next.uri)) next = head;
    }
    if (!next) return;
    for (const one of open) if (one.list[one.at] === next) one.at++;
    yield next;
  }
}

/** A copy of a host can have a VM twice: below its node, and where /etc/pve/qemu-server leads to the same. */
const isOther = (file: SourceFile, other: SourceFile): boolean =>
  other.uri !== file.uri && other.place.vmid !== file.place.vmid;

const namedUses = (world: World, file: SourceFile<VmConf>): readonly NamedUse[] =>
  settingsAtStart(file)
    .family('hostpci')
    .flatMap(entry => {
      const choices = property(entry, 'mdev') ? [] : choicesOf(world, file, entry);
      return choices?.length === 1 ? (choices[0]?.items ?? []).map(item => ({ file, entry, item })) : [];
    });

const kept = new WeakMap<readonly Handover[], readonly FunctionUse[]>();

/** The functions that a VM gets, kept as long as nothing about it changes. */
export function functionUses(world: World, file: SourceFile<VmConf>): readonly FunctionUse[] {
  const handovers = handoversOf(world, file);
  let uses = kept.get(handovers);
  if (!uses) {
    uses = handovers.flatMap(handover => handover.passed.map(({ fn }) => ({ file, handover, fn })));
    kept.set(handovers, uses);
  }
  return uses;
}
