import { type Inventory, type PciFunction, unknownFunction } from './inventory.ts';
import type { Facts } from './listingLine.ts';
import { compareAddresses, type PciAddress } from './pciAddress.ts';
import { vendorNameOf } from './pciVendors.ts';

/** One appearance of a function in a text: a device line with the lines below it, or a record. */
export interface Sighting {
  readonly address: PciAddress;
  readonly facts: Facts;
  /** Number of the stretch of listings without prose in which it stands. */
  readonly block: number;
  /** The listing is ordered by IOMMU groups. */
  readonly byGroup: boolean;
}

/**
 * Puts all appearances of each function together. Listings of the same machine add to each other; where they contradict
 * each other (before and after a change), the later one counts and a gap says so.
 */
export function mergeSightings(sightings: readonly Sighting[]): Pick<Inventory, 'functions' | 'gaps'> {
  const merged = new Map<PciAddress, Merged>();
  const conflicts: Conflicts = { device: [], group: [], driver: [], staleGroups: new Map() };
  for (const sighting of sightings) {
    const before = merged.get(sighting.address);
    merged.set(sighting.address, before ? join(before, sighting, conflicts) : first(sighting));
  }
  const functions = [...merged.values()].map(entry => dropStaleGroup(entry, conflicts.staleGroups));
  functions.sort((a, b) => compareAddresses(a.address, b.address));
  return { functions, gaps: conflictGaps(conflicts) };
}

interface Merged {
  readonly address: PciAddress;
  readonly facts: Facts;
  /** The listing that gave the group. */
  readonly groupBlock: number;
}

interface Conflicts {
  readonly device: string[];
  readonly group: string[];
  readonly driver: string[];
  /** Listing → the first later listing that contradicts its groups. */
  readonly staleGroups: Map<number, number>;
}

const first = ({ address, facts, block }: Sighting): Merged => ({ address, facts, groupBlock: block });

function join(before: Merged, { address, facts, block }: Sighting, conflicts: Conflicts): Merged {
  if (isOtherDevice(before.facts, facts)) {
    conflicts.device.push(address);
    return { address, facts, groupBlock: block };
  }
  const { iommuGroup, driver } = before.facts;
  if (differ(iommuGroup, facts.iommuGroup)) {
    conflicts.group.push(`${address} (${iommuGroup}, then ${facts.iommuGroup})`);
    if (before.groupBlock !== block) conflicts.staleGroups.set(before.groupBlock, block);
  }
  if (differ(driver, facts.driver))
    conflicts.driver.push(`${address} (${driver ?? 'none'}, then ${facts.driver ?? 'none'})`);
  const groupBlock = facts.iommuGroup === undefined ? before.groupBlock : block;
  return { address, facts: { ...before.facts, ...facts }, groupBlock };
}

/** Whether two appearances of one address cannot be the same device. */
function isOtherDevice(a: Facts, b: Facts): boolean {
  const ids = ['classId', 'vendorId', 'deviceId', 'revision'] as const;
  return ids.some(id => differ(a[id], b[id])) || foreignName(a, b) || foreignName(b, a);
}

/** The vendor's name in one appearance belongs to another vendor than the id in the other. */
function foreignName({ vendorId, vendorName }: Facts, other: Facts): boolean {
  if (vendorName !== undefined || vendorId === undefined || other.vendorId !== undefined) return false;
  const name = vendorNameOf(vendorId);
  return name !== undefined && other.vendorName !== undefined && !other.vendorName.startsWith(name.split(' ', 1)[0]!);
}

const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;

/**
 * After a change only the groups of the later listing are true. Of a function that it does not show, the group is
 * unknown, not what it was before.
 */
function dropStaleGroup({ address, facts, groupBlock }: Merged, stale: ReadonlyMap<number, number>): PciFunction {
  const vendorName = facts.vendorName ?? (facts.vendorId === undefined ? undefined : vendorNameOf(facts.vendorId));
  const fn = { ...unknownFunction(address), ...facts, vendorName };
  return stale.has(groupBlock) && fn.iommuGroup !== undefined ? { ...fn, iommuGroup: undefined } : fn;
}

function conflictGaps({ device, group, driver }: Conflicts): string[] {
  const told = (what: string, where: readonly string[]) =>
    where.length ? [`${what}: the later listing counts (${few(where)}).`] : [];
  return [
    ...told('The text shows different devices at one address', device),
    ...told('The text shows two states of the IOMMU groups', group),
    ...told('The text shows two states of the drivers', driver),
  ];
}

function few(items: readonly string[]): string {
  const shown = items.slice(0, 3).join('; ');
  return items.length > 3 ? `${shown}; and ${items.length - 3} more` : shown;
}
