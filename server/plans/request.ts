import { type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { hidesTypes } from '../facts/mediated.ts';
import type { SourceFile } from '../languages/language.ts';
import { configOf, isTemplate } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { named } from '../rules/deviceRule.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { claimant, takersOf } from './claims.ts';
import { functionsAt, wholeDevices } from './devices.ts';
import { type Ground, groundOf, guestAt, guestOn } from './ground.ts';
import type { Refusal, Wish } from './plan.ts';
import { wholeRefusals } from './wholeRefusal.ts';

/** A wish that can be met, in terms of the host. */
export interface Request {
  readonly wish: Wish;
  readonly ground: Ground;
  /** As the ground has it. */
  readonly guest: SourceFile<VmConf>;
  /** What the guest gets: of a mediated device its parent; none where VFs are wanted that do not exist yet. */
  readonly functions: readonly PciFunction[];
  /** The function that VFs are wanted of, or that the wanted VFs are of. */
  readonly parent: PciFunction | undefined;
}

/** Finds the host, the guest and the devices of a wish; refuses what cannot or must not be. */
export function requestOf(world: World, wish: Wish): Request | Refusal {
  const snapshot = world.snapshots.find(({ uri }) => uri === wish.host);
  if (!snapshot) return refusal('Nothing is known of this host: read it, or open its snapshot.');
  const file = guestAt(world, snapshot, wish.guest);
  if (!file) return refusal('The guest is no VM configuration that is known here.');
  const elsewhere = isElsewhere(world, file, snapshot.inventory);
  if (elsewhere !== undefined) return refusal(elsewhere);
  const ground = groundOf(world, snapshot, file);
  const guest = guestOn(ground, file);
  if (!guest) return refusal('The guest is no VM configuration that is known here.');
  if (isTemplate(configOf(guest))) return refusal(`${fileName(guest)} is a template, which is never started.`);
  const missing = wish.addresses.filter(address => functionsAt(snapshot.inventory, [address]).length === 0);
  if (missing.length > 0) return refusal(...missing.map(address => `The host has no PCI function ${address}.`));
  if (wish.addresses.length === 0) return refusal('No device is named.');
  const request = {
    wish,
    ground,
    guest,
    functions: functionsAt(snapshot.inventory, wish.addresses),
    parent: undefined,
  };
  if (wish.way === 'mdev') return mediated(request);
  return wish.way === 'vf' ? virtual(request) : whole(request);
}

export const isRefusal = (answer: object): answer is Refusal => 'refused' in answer;

const refusal = (...refused: readonly string[]): Refusal => ({ refused });

const orRefusal = <T>(reasons: readonly string[], value: T): T | Refusal =>
  reasons.length > 0 ? refusal(...reasons) : value;

const fileName = ({ place }: SourceFile): string => (place.vmid === undefined ? place.path : `VM ${place.vmid}`);

/** Addresses mean nothing on another host. */
function isElsewhere(world: World, guest: SourceFile, inventory: Inventory): string | undefined {
  const node = guest.place.node ?? inventoryOf(world, guest)?.node;
  if (node === undefined || inventory.node === undefined || node === inventory.node) return undefined;
  return `${fileName(guest)} is on node ${node}, and the device is on ${inventory.node}.`;
}

function whole(request: Request): Request | Refusal {
  const { ground } = request;
  const functions = wholeDevices(ground.inventory, request.functions);
  return orRefusal(wholeRefusals(ground, functions), { ...request, functions });
}

function mediated(request: Request): Request | Refusal {
  const { functions, wish } = request;
  const [parent] = functions;
  if (!parent || functions.length > 1) return refusal('A mediated device is made of one function.');
  return orRefusal(mediatedRefusals(parent, wish.mdevType), request);
}

/** Why a function can make no mediated devices, or none of a type. */
export function mediatedRefusals(parent: PciFunction, type: string | undefined): readonly string[] {
  const types = parent.mdevTypes ?? [];
  if (parent.driver === 'vfio-pci')
    return [`${named(parent)} is bound to vfio-pci, and mediated devices need its own driver.`];
  if (types.length === 0 && parent.vendorId === '10de' && parent.vfTotal && parent.physicalFunction === undefined)
    return [`${named(parent)} makes vGPUs on its virtual functions only: name one of those.`];
  if (type === undefined || !/^[A-Za-z0-9_.:-]+$/.test(type)) return ['No type of mediated device is named.'];
  if (parent.mdevTypes && types.length === 0) return [`${named(parent)} offers no mediated devices.`];
  if (types.length === 0 || hidesTypes(parent) || types.some(({ id }) => id === type)) return [];
  return [`${named(parent)} does not offer the type ${type}: it has ${types.map(({ id }) => id).join(', ')}.`];
}

function virtual(request: Request): Request | Refusal {
  const { ground, functions, wish } = request;
  const [first] = functions;
  if (!first) return refusal('No device is named.');
  if (functions.every(fn => fn.physicalFunction !== undefined)) {
    const [parent] = functionsAt(ground.inventory, [first.physicalFunction as string]);
    return orRefusal(wholeRefusals(ground, functions), { ...request, parent });
  }
  if (functions.length > 1) return refusal('Name one physical function, or virtual functions alone.');
  const reasons = [...sriovRefusals(first, wish.vfCount), ...fewerVfs(ground, first, wish.vfCount)];
  if (reasons.length > 0) return refusal(...reasons);
  const chosen = chooseVf(request, first);
  if (chosen === 'none') return refusal(`VMs have all virtual functions of ${named(first)}: ask for more.`);
  const picked = chosen ? [chosen] : [];
  return orRefusal(wholeRefusals(ground, picked), { ...request, functions: picked, parent: first });
}

/** Why a function can have no VFs, or not as many. */
export function sriovRefusals(fn: PciFunction, count: number | undefined): readonly string[] {
  const existing = fn.virtualFunctions?.length ?? 0;
  if (isPassiveMember(fn) || (!fn.vfTotal && existing === 0))
    return [`${named(fn)} is not known to have virtual functions.`];
  if (count !== undefined && fn.vfTotal !== undefined && count > fn.vfTotal)
    return [`${named(fn)} can have ${fn.vfTotal} virtual functions at most, and ${count} are asked for.`];
  if (count === undefined || count < 1 || !Number.isInteger(count))
    return existing > 0 && count === undefined ? [] : ['Say how many virtual functions there shall be.'];
  if (existing === 0 && (fn.driver === null || fn.driver === 'vfio-pci'))
    return [
      `${named(fn)} ${fn.driver === null ? 'has no driver' : 'is bound to vfio-pci'}, and virtual functions are made by its own driver.`,
    ];
  return [];
}

/** The VF that the guest has, else the first that no VM has. */
function chooseVf({ ground, guest, wish }: Request, pf: PciFunction): PciFunction | 'none' | undefined {
  const existing = functionsAt(ground.inventory, pf.virtualFunctions ?? []).slice(0, wish.vfCount);
  const own = existing.find(fn => takersOf(ground, fn).some(({ uri }) => uri === guest.uri));
  const free =
    own ?? existing.find(fn => takersOf(ground, fn).length === 0 && wholeRefusals(ground, [fn]).length === 0);
  if (free) return free;
  return existing.length > 0 && (wish.vfCount ?? 0) <= existing.length ? 'none' : undefined;
}

/** With fewer VFs than there are, the last ones go. */
function fewerVfs(ground: Ground, pf: PciFunction, count: number | undefined): readonly string[] {
  const gone = functionsAt(ground.inventory, pf.virtualFunctions ?? []).slice(count ?? Number.POSITIVE_INFINITY);
  return gone.flatMap(fn =>
    takersOf(ground, fn).map(
      taker =>
        `With ${count} virtual functions ${named(pf)} no longer has ${fn.address}, which ${claimant(taker)} has.`,
    ),
  );
}
