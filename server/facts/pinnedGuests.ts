import type { SourceFile } from '../languages/language.ts';
import { stored } from '../languages/vmConf/config.ts';
import { memoryOf } from '../languages/vmConf/memory.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { FileIndex } from '../workspace/fileIndex.ts';
import type { World } from '../workspace/world.ts';
import { startsByItself } from './guestStart.ts';
import { handoversOf } from './handovers.ts';
import { functionUses } from './otherGuests.ts';
import { placeKey } from './perNode.ts';

/** VMs that pin memory at the same time. */
export interface PinnedTogether {
  readonly vms: ReadonlySet<SourceFile<VmConf>>;
  /** In MiB. */
  readonly memory: number;
}

const byNode = new WeakMap<World, Map<string, PinnedTogether>>();

/**
 * The VMs of a node that start by themselves and pin their memory for a passed-through device. Of those that want the same
 * function only the largest is in it: they cannot run together.
 */
export function pinnedTogether(world: World, file: SourceFile<VmConf>): PinnedTogether {
  const nodes = byNode.get(world) ?? new Map<string, PinnedTogether>();
  byNode.set(world, nodes);
  const key = isInTree(file) ? placeKey(file) : file.uri;
  let together = nodes.get(key);
  if (!together) {
    const vms = choose(
      world,
      isInTree(file) ? largestOfEach(world, file) : [file].filter(vm => startsByItself(world, vm)),
    );
    together = { vms: new Set(vms), memory: vms.reduce((sum, vm) => sum + memoryAtStart(vm), 0) };
    nodes.set(key, together);
  }
  return together;
}

/** How many pages of 1 GiB the other VMs of a node take that start by themselves, and how many VMs these are. */
export function gigabytePagesOfOthers(world: World, file: SourceFile<VmConf>): { vms: number; pages: number } {
  const own = new Set(isInTree(file) ? pageKeys(world, file) : []);
  const sum = { vms: 0, pages: 0 };
  for (const [key, pages] of isInTree(file) ? numbersBehind(byPages.keys(world), placeKey(file)) : []) {
    const vms = byPages.get(world, key).length - (own.has(key) ? 1 : 0);
    sum.vms += vms;
    sum.pages += vms * pages;
  }
  return sum;
}

/** The memory of a VM in pages of 1 GiB. */
export const gigabytePages = (file: SourceFile<VmConf>): number => Math.ceil(memoryAtStart(file) / 1024);

/** True for a VM whose memory QEMU pins; that of mediated devices is pinned as far as it is used. */
export const pinsMemory = (world: World, file: SourceFile<VmConf>): boolean =>
  handoversOf(world, file).some(({ kind }) => kind !== 'mediated');

export const memoryAtStart = (file: SourceFile<VmConf>): number => memoryOf(settingsAtStart(file));

/** Files outside of a copied tree need not belong together. */
const isInTree = (file: SourceFile): boolean => file.place.root !== '';

const isVm = (file: SourceFile): file is SourceFile<VmConf> => file.place.language === vmConf.id && isInTree(file);

/** VMs that start by themselves, by their node, their memory and the text of their devices. */
const byDevices = new FileIndex<World, VmConf>((file, world) => {
  const devices = isVm(file) ? settingsAtStart(file).family('hostpci') : [];
  if (!isVm(file) || devices.length === 0 || !startsByItself(world, file)) return [];
  return [`${placeKey(file)}\n${memoryAtStart(file)}\n${devices.map(entry => entry.stored).join('\n')}`];
});

/** VMs that start by themselves with pages of 1 GiB, by their node and the number of pages. */
const byPages = new FileIndex<World, VmConf>((file, world) => (isVm(file) ? pageKeys(world, file) : []));

const pageKeys = (world: World, vm: SourceFile<VmConf>): readonly string[] =>
  stored(settingsAtStart(vm), 'hugepages') === '1024' && startsByItself(world, vm)
    ? [`${placeKey(vm)}\n${gigabytePages(vm)}`]
    : [];

/** The keys of a node, each with the number that stands behind the node. */
function* numbersBehind(keys: Iterable<string>, node: string): Generator<readonly [key: string, number: number]> {
  const start = `${node}\n`;
  for (const key of keys) if (key.startsWith(start)) yield [key, Number.parseInt(key.slice(start.length), 10)];
}

/** One VM of those with the same devices and memory, because of those only one can run; the largest first. */
const largestOfEach = (world: World, file: SourceFile): readonly SourceFile<VmConf>[] =>
  [...numbersBehind(byDevices.keys(world), placeKey(file))]
    .map(([key, memory]) => ({ vm: byDevices.get(world, key)[0] as SourceFile<VmConf>, memory }))
    .sort((a, b) => b.memory - a.memory || (a.vm.uri < b.vm.uri ? -1 : 1))
    .map(({ vm }) => vm);

function choose(world: World, vms: readonly SourceFile<VmConf>[]): readonly SourceFile<VmConf>[] {
  const taken = new Set<string>();
  return vms.filter(vm => {
    const addresses = functionUses(world, vm)
      .filter(({ handover }) => handover.kind !== 'mediated')
      .map(({ fn }) => fn.address);
    if (addresses.length === 0 || addresses.some(address => taken.has(address))) return false;
    for (const address of addresses) taken.add(address);
    return true;
  });
}
