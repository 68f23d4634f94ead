import { type Change, compare } from '../../host/drift.ts';
import type { Inventory } from '../../host/inventory.ts';
import type { PciAddress } from '../../host/pciAddress.ts';
import type { SourceFile } from '../languages/language.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';

/** What changed on a host since the snapshot before its last one. */
export interface Drift {
  /** When the host was asked before, ISO 8601 in UTC. */
  readonly since: string | undefined;
  /** The host's own changes first, then those of devices by address. */
  readonly changes: readonly Change[];
  /** What changed about the function that is at an address now, or was there. */
  at(address: PciAddress): readonly Change[];
}

/** The drift of the host that a file belongs to; `undefined` where that host, or what it was before, is not known. */
export function driftOf(world: World, file: SourceFile): Drift | undefined {
  const inventory = inventoryOf(world, file);
  const snapshot = world.snapshots.find(known => known.inventory === inventory);
  return snapshot && driftOfSnapshot(snapshot);
}

const known = new WeakMap<Snapshot, Drift>();

/** Worked out once per snapshot. */
export function driftOfSnapshot(snapshot: Snapshot): Drift | undefined {
  const { previous, inventory } = snapshot;
  if (previous === undefined) return undefined;
  let drift = known.get(snapshot);
  if (!drift) {
    const changes = compare(previous, inventory);
    drift = { since: previous.takenAt, changes, at: address => changes.filter(change => change.address === address) };
    known.set(snapshot, drift);
  }
  return drift;
}

/**
 * Whether a line was in a guest's file when the host was asked before: then what it names may have moved away from under
 * it. `undefined` where the files of that time are not known.
 */
export function wasWrittenThen(previous: Inventory, { place }: SourceFile, line: string): boolean | undefined {
  const lines = previous.files.get(place.path)?.text.split('\n');
  return lines?.some(text => text.trimEnd() === line.trimEnd());
}
