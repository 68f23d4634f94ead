import type { SourceFile } from '../languages/language.ts';
import { memoryOf } from '../languages/vmConf/memory.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import type { World } from '../workspace/world.ts';
import { startsByItself } from './guestStart.ts';
import { handoversOf } from './handovers.ts';
import { vmsOfNode } from './otherGuests.ts';

const known = new WeakMap<readonly SourceFile<VmConf>[], readonly SourceFile<VmConf>[]>();

/**
 * The VMs of a node that start by themselves and pin their memory for a passed-through device. Of those that want the same
 * function only the largest is in it: they cannot run together.
 */
export function pinnedTogether(world: World, file: SourceFile<VmConf>): readonly SourceFile<VmConf>[] {
  const all = vmsOfNode(world, file);
  let chosen = known.get(all);
  if (!chosen) {
    chosen = choose(world, all);
    known.set(all, chosen);
  }
  return chosen;
}

/** True for a VM whose memory QEMU pins; that of mediated devices is pinned as far as it is used. */
export const pinsMemory = (world: World, file: SourceFile<VmConf>): boolean =>
  handoversOf(world, file).some(({ kind }) => kind !== 'mediated');

export const memoryAtStart = (file: SourceFile<VmConf>): number => memoryOf(settingsAtStart(file));

function choose(world: World, all: readonly SourceFile<VmConf>[]): readonly SourceFile<VmConf>[] {
  const taken = new Set<string>();
  return all
    .filter(vm => startsByItself(world, vm) && pinsMemory(world, vm))
    .sort((a, b) => memoryAtStart(b) - memoryAtStart(a))
    .filter(vm => {
      const addresses = handoversOf(world, vm)
        .filter(({ kind }) => kind !== 'mediated')
        .flatMap(({ passed }) => passed.map(({ fn }) => fn.address));
      if (addresses.some(address => taken.has(address))) return false;
      for (const address of addresses) taken.add(address);
      return true;
    });
}
