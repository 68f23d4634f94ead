import { deviceLabel, functionAt, type Inventory, isPassiveMember, type PciFunction } from './inventory.ts';
import { compareAddresses, type PciAddress, shortAddress } from './pciAddress.ts';

/** One thing that is not as it was when the host was asked before. */
export interface Change {
  readonly kind:
    | 'kernel'
    | 'iommu'
    | 'groups-renumbered'
    | 'other-device'
    | 'moved'
    | 'appeared'
    | 'gone'
    | 'group'
    | 'driver'
    | 'vf-count';
  /** The function that it is about, where it is now; of one that is gone, where it was. Absent for the host as a whole. */
  readonly address?: PciAddress;
  /** Where a device that moved was. */
  readonly from?: PciAddress;
  /** A sentence. */
  readonly text: string;
  /** In a few words what was there before, to stand behind "was:". */
  readonly was?: string;
}

/**
 * What changed on a host. Only what both inventories know is compared; a device is called gone or new only where the
 * inventory that lacks it knows every function. Virtual functions that come and go are told as their number.
 */
export function compare(previous: Inventory, current: Inventory): readonly Change[] {
  const inPlace = current.functions.flatMap(fn => {
    const before = functionAt(previous, fn.address);
    return before && !isOther(before, fn) ? [[before, fn] as const] : [];
  });
  const whereabouts = comparePlaces(previous, current);
  const about = whereabouts.concat(
    compareGroups(previous, current, inPlace),
    inPlace.flatMap(([before, fn]) => [...compareDriver(before, fn), ...compareVfCount(before, fn)]),
  );
  const byAddress = about.sort((a, b) => compareAddresses(a.address ?? '', b.address ?? ''));
  return [...compareKernel(previous, current), ...compareIommu(previous, current), ...byAddress];
}

/** True for a change that can make configuration files wrong, and does not come and go with the guests. */
export const isLasting = ({ kind }: Change): boolean =>
  kind === 'other-device' || kind === 'moved' || kind === 'appeared' || kind === 'gone' || kind === 'group';

type Pair = readonly [before: PciFunction, now: PciFunction];

function* compareKernel(
  { kernel: { release: was } }: Inventory,
  { kernel: { release: now } }: Inventory,
): Generator<Change> {
  if (was === undefined || now === undefined || was === now) return;
  yield { kind: 'kernel', text: `The kernel is ${now}; it was ${was}.`, was };
}

function* compareIommu(previous: Inventory, current: Inventory): Generator<Change> {
  const [was, now] = [hasGroups(previous), hasGroups(current)];
  if (was === undefined || now === undefined || was === now) return;
  yield { kind: 'iommu', text: now ? 'The IOMMU is on now; it was off.' : 'The IOMMU is off now; it was on.' };
}

/** Whether functions are in IOMMU groups; `undefined` where nothing is known of them. */
function hasGroups({ functions }: Inventory): boolean | undefined {
  if (functions.some(fn => typeof fn.iommuGroup === 'number')) return true;
  return functions.some(fn => fn.iommuGroup === null) ? false : undefined;
}

/** Both are known well enough to say that they are not the same card. */
function isOther(before: PciFunction, now: PciFunction): boolean {
  const differs = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  return (
    differs(before.vendorId, now.vendorId) ||
    differs(before.deviceId, now.deviceId) ||
    differs(before.subsystemVendorId, now.subsystemVendorId) ||
    differs(before.subsystemDeviceId, now.subsystemDeviceId)
  );
}

/** Devices that moved, appeared, are gone or have taken another one's address. */
function comparePlaces(previous: Inventory, current: Inventory): Change[] {
  const left = previous.functions.filter(fn => leaves(fn, current));
  const came = current.functions.filter(fn => leaves(fn, previous));
  const origin = origins(left, came);
  const moved = new Set(origin.values());
  const arrivals = came.flatMap(fn => arrival(fn, origin.get(fn), functionAt(previous, fn.address), previous));
  // Where another device has taken the address, that change names the one before, too.
  const told = new Set(arrivals.filter(change => change.kind === 'other-device').map(change => change.address));
  const missing = left.filter(fn => !moved.has(fn) && !told.has(fn.address) && current.complete);
  return [...arrivals, ...missing.map(departure)];
}

/** The function is not at its address in the other inventory. VFs are left to their number. */
function leaves(fn: PciFunction, other: Inventory): boolean {
  if (fn.physicalFunction !== undefined) return false;
  const there = functionAt(other, fn.address);
  return there === undefined ? other.complete : isOther(there, fn);
}

/**
 * For each function that came, the one that left and is the same device: by all ids, and only where as many of the kind
 * left as came, so that the order of their addresses tells which is which.
 */
function origins(left: readonly PciFunction[], came: readonly PciFunction[]): ReadonlyMap<PciFunction, PciFunction> {
  const groups = byIdentity(left);
  const found = new Map<PciFunction, PciFunction>();
  for (const [identity, arrivals] of byIdentity(came)) {
    const departures = groups.get(identity) ?? [];
    if (departures.length !== arrivals.length) continue;
    for (const [index, fn] of arrivals.entries()) found.set(fn, departures[index] as PciFunction);
  }
  return found;
}

function byIdentity(functions: readonly PciFunction[]): ReadonlyMap<string, PciFunction[]> {
  const groups = new Map<string, PciFunction[]>();
  for (const fn of functions) {
    if (fn.vendorId === undefined || fn.deviceId === undefined) continue;
    const identity = [fn.vendorId, fn.deviceId, fn.subsystemVendorId, fn.subsystemDeviceId].join(':');
    const group = groups.get(identity);
    if (group) group.push(fn);
    else groups.set(identity, [fn]);
  }
  return groups;
}

function arrival(
  fn: PciFunction,
  origin: PciFunction | undefined,
  before: PciFunction | undefined,
  previous: Inventory,
): readonly Change[] {
  const { address } = fn;
  const name = nameOf(fn);
  if (origin !== undefined) {
    const text = `${name} is at ${shortAddress(address)} now; it was at ${shortAddress(origin.address)}.`;
    return [{ kind: 'moved', address, from: origin.address, text, was: `at ${shortAddress(origin.address)}` }];
  }
  if (before !== undefined) {
    const text = `${shortAddress(address)} is ${name} now; it was ${nameOf(before)}.`;
    return [{ kind: 'other-device', address, text, was: nameOf(before) }];
  }
  if (!previous.complete) return [];
  return [{ kind: 'appeared', address, text: `${name} is new at ${shortAddress(address)}.`, was: 'not there' }];
}

function departure(fn: PciFunction): Change {
  const text = `${nameOf(fn)} is gone; it was at ${shortAddress(fn.address)}.`;
  return { kind: 'gone', address: fn.address, text, was: nameOf(fn) };
}

/** Groups are compared by who is in them; their numbers are the kernel's and mean nothing. */
function compareGroups(previous: Inventory, current: Inventory, inPlace: readonly Pair[]): Change[] {
  if (hasGroups(previous) !== true || hasGroups(current) !== true) return [];
  const partnersBefore = partners(previous);
  const partnersNow = partners(current);
  const changes: Change[] = [];
  let renumbered = 0;
  for (const [before, fn] of inPlace) {
    if (typeof before.iommuGroup !== 'number' || typeof fn.iommuGroup !== 'number') continue;
    const then = partnersBefore(before);
    const now = partnersNow(fn);
    const joined = now.filter(other => !then.some(known => known.address === other.address));
    const left = then.filter(other => !now.some(known => known.address === other.address));
    if (joined.length > 0 || left.length > 0) changes.push(groupChange(before, fn, joined, left));
    else if (before.iommuGroup !== fn.iommuGroup) renumbered++;
  }
  if (renumbered === 0 || changes.length > 0) return changes;
  const text = `${renumbered} device${renumbered === 1 ? ' is' : 's are'} in an IOMMU group of another number, with the same company as before.`;
  return [{ kind: 'groups-renumbered', text }];
}

/** Who shares a function's group, bridges left out, which Proxmox leaves alone. */
function partners({ functions }: Inventory): (fn: PciFunction) => readonly PciFunction[] {
  const groups = new Map<number, PciFunction[]>();
  for (const fn of functions) {
    if (typeof fn.iommuGroup !== 'number' || isPassiveMember(fn)) continue;
    const group = groups.get(fn.iommuGroup);
    if (group) group.push(fn);
    else groups.set(fn.iommuGroup, [fn]);
  }
  return fn =>
    typeof fn.iommuGroup !== 'number' || isPassiveMember(fn)
      ? []
      : (groups.get(fn.iommuGroup) ?? []).filter(other => other.address !== fn.address);
}

function groupChange(
  before: PciFunction,
  fn: PciFunction,
  joined: readonly PciFunction[],
  left: readonly PciFunction[],
): Change {
  const parts = [
    ...(joined.length > 0 ? [`with ${listed(joined)} in it`] : []),
    ...(left.length > 0 ? [`without ${listed(left)}`] : []),
  ];
  const text = `${long(fn)} is in IOMMU group ${fn.iommuGroup} now, ${parts.join(' and ')}.`;
  const company = joined.length > 0 ? `without ${shortList(joined)}` : `with ${shortList(left)}`;
  return { kind: 'group', address: fn.address, text, was: `in group ${before.iommuGroup} ${company}` };
}

/** Virtual functions change their drivers with every start of a guest. */
function* compareDriver(before: PciFunction, fn: PciFunction): Generator<Change> {
  if (fn.physicalFunction !== undefined) return;
  if (before.driver === undefined || fn.driver === undefined || before.driver === fn.driver) return;
  const was = before.driver ?? 'no driver';
  const now = fn.driver === null ? 'no driver' : `the driver ${fn.driver}`;
  const text = `${long(fn)} has ${now} now; it had ${was}.`;
  yield { kind: 'driver', address: fn.address, text, was };
}

function* compareVfCount(before: PciFunction, fn: PciFunction): Generator<Change> {
  const [was, now] = [before.vfCount, fn.vfCount];
  if (was === undefined || now === undefined || was === now) return;
  const count = `${now} virtual function${now === 1 ? '' : 's'}`;
  const text = `${long(fn)} has ${count} now; it had ${was}.`;
  yield { kind: 'vf-count', address: fn.address, text, was: `${was} VFs` };
}

const nameOf = (fn: PciFunction): string => {
  const label = deviceLabel(fn);
  const ids = fn.vendorId && fn.deviceId ? `${fn.vendorId}:${fn.deviceId}` : undefined;
  return ids === undefined || label.includes(ids) ? label : `${label} (${ids})`;
};

/** A group may have dozens of members; the first few say enough. */
function listed(functions: readonly PciFunction[], name: (fn: PciFunction) => string = long): string {
  const told = functions.slice(0, 3).map(name);
  const rest = functions.length - told.length;
  return rest > 0 ? `${told.join(', ')} and ${rest} more` : told.join(', ');
}

const long = (fn: PciFunction): string => `${shortAddress(fn.address)} ${deviceLabel(fn)}`;

const shortList = (functions: readonly PciFunction[]): string => listed(functions, fn => shortAddress(fn.address));
