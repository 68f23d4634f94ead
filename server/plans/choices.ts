import { isPassiveMember, type MdevType, type PciFunction } from '../../host/inventory.ts';
import { vmLabel } from '../facts/deviceUse.ts';
import { isRunning } from '../facts/guestStart.ts';
import { hostWorld } from '../facts/hostWorld.ts';
import type { SourceFile } from '../languages/language.ts';
import { kindOf } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { configOf, isTemplate, stored } from '../languages/vmConf/config.ts';
import { machineOf } from '../languages/vmConf/machine.ts';
import { memoryOf } from '../languages/vmConf/memory.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { wholeCards } from '../values/wholeCards.ts';
import { filesOf, type World } from '../workspace/world.ts';
import { claimant, claimsOf, takersOf } from './claims.ts';
import { functionsAt, wholeDevices } from './devices.ts';
import { type Ground, groundOf } from './ground.ts';
import { mappingsFor } from './mappingChange.ts';
import type { Refusal } from './plan.ts';
import { mediatedRefusals, sriovRefusals } from './request.ts';
import { wholeRefusals } from './wholeRefusal.ts';

/** In which ways devices of a host can be given away, and to whom. */
export interface Choices {
  /** What the guest would get whole; the first one is what was asked for. */
  readonly devices: readonly PciFunction[];
  /** Why they cannot be given away whole; empty where they can. */
  readonly refused: readonly string[];
  /** VFs that exist, with who has them; `undefined` where there can be none. */
  readonly vfs: readonly { readonly fn: PciFunction; readonly users: readonly string[] }[] | undefined;
  readonly mostVfs: number | undefined;
  readonly types: readonly MdevType[];
  /** VMs of the host that are no templates, those that fit best first. */
  readonly guests: readonly Guest[];
  readonly mappings: readonly string[];
}

export interface Guest {
  readonly file: SourceFile<VmConf>;
  readonly label: string;
  readonly hasIt: boolean;
  readonly isRunning: boolean | undefined;
  /** `q35`, `OVMF`, memory in MiB. */
  readonly isQ35: boolean;
  readonly isOvmf: boolean;
  readonly memory: number;
}

export function choicesOf(world: World, host: string, addresses: readonly string[]): Choices | Refusal {
  const snapshot = world.snapshots.find(({ uri }) => uri === host);
  if (!snapshot) return { refused: ['Nothing is known of this host: read it, or open its snapshot.'] };
  const ground = groundOf(world, snapshot);
  const asked = functionsAt(ground.inventory, addresses);
  const [first] = asked;
  if (!first || asked.length < addresses.length) return { refused: ['The host has no such PCI function.'] };
  const devices = wholeDevices(ground.inventory, asked);
  const refused = wholeRefusals(ground, devices);
  const single = asked.length === 1 && !isPassiveMember(first) ? first : undefined;
  const vfs = single && (single.vfTotal || single.virtualFunctions?.length) ? vfsOf(ground, single) : undefined;
  const types =
    single && mediatedRefusals(single, single.mdevTypes?.[0]?.id).length === 0 ? (single.mdevTypes ?? []) : [];
  if (refused.length > 0 && !vfs && types.length === 0) return { refused };
  return {
    devices: [first, ...devices.filter(fn => fn !== first)],
    refused,
    vfs,
    mostVfs: single && sriovRefusals(single, 1).length === 0 ? single.vfTotal : undefined,
    types,
    guests: guestsOf(world, ground, asked),
    mappings: mappingsOf(ground, devices),
  };
}

const vfsOf = (ground: Ground, pf: PciFunction): NonNullable<Choices['vfs']> =>
  functionsAt(ground.inventory, pf.virtualFunctions ?? []).map(fn => ({
    fn,
    users: claimsOf(ground, fn).map(claimant),
  }));

function mappingsOf({ world, inventory }: Ground, devices: readonly PciFunction[]): readonly string[] {
  const addresses = devices.map(fn => fn.address);
  const [card, ...more] = wholeCards(addresses, inventory);
  const { node } = inventory;
  if (card === undefined || more.length > 0 || node === undefined) return [];
  return filesOf(world, pciMapping)
    .filter(file => kindOf(file) === 'pci')
    .flatMap(file => mappingsFor(file.tree, node, card));
}

/** The URIs are those by which the workspace, or the copies of the host, know the files. */
function guestsOf(world: World, ground: Ground, asked: readonly PciFunction[]): readonly Guest[] {
  const { snapshot, inventory, root } = ground;
  const users = new Set(asked.flatMap(fn => takersOf(ground, fn)).map(({ guest }) => guest));
  const isHere = ({ place }: SourceFile): boolean =>
    (place.root === root || place.root === (snapshot.root ?? snapshot.uri)) &&
    (place.node === undefined || inventory.node === undefined || place.node === inventory.node);
  const wantsQ35 = asked.some(fn => fn.classId?.startsWith('03') === true);
  return filesOf(hostWorld(world, snapshot), vmConf)
    .filter(file => isHere(file) && !isTemplate(configOf(file)))
    .map(file => guestOf(ground, file, users.has(file.place.vmid)))
    .sort((a, b) => rank(a, wantsQ35) - rank(b, wantsQ35) || (a.file.place.vmid ?? 0) - (b.file.place.vmid ?? 0));
}

function guestOf(ground: Ground, file: SourceFile<VmConf>, hasIt: boolean): Guest {
  const { next } = configOf(file);
  return {
    file,
    label: vmLabel(file),
    hasIt,
    isRunning: isRunning(ground.world, { ...file, place: { ...file.place, root: ground.base } }),
    isQ35: machineOf(next).isQ35,
    isOvmf: stored(next, 'bios') === 'ovmf',
    memory: memoryOf(next),
  };
}

/** A VM that has the device needs it last; graphics want q35 and OVMF; one that is off can be started with it at once. */
const rank = ({ hasIt, isRunning: runs, isQ35, isOvmf }: Guest, wantsQ35: boolean): number =>
  (hasIt ? 8 : 0) + (wantsQ35 && !(isQ35 && isOvmf) ? 4 : 0) + (runs === true ? 2 : 0);
