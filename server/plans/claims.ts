import type { PciFunction } from '../../host/inventory.ts';
import { claimsOnHost, type HostClaim } from '../facts/deviceUse.ts';
import type { Ground } from './ground.ts';

/** What guests of the host claim of a function: by its address, its slot, or a mapping that can only mean it. */
export function claimsOf({ world, snapshot }: Ground, fn: PciFunction): readonly HostClaim[] {
  return claimsOnHost(world, world.snapshots[0] ?? snapshot).filter(
    claim =>
      claim.by !== 'mapping' &&
      claim.choices === 1 &&
      (claim.address === fn.address || fn.address.startsWith(`${claim.address}.`)),
  );
}

/** VMs that take the function itself, and not a mediated device of it. */
export const takersOf = (ground: Ground, fn: PciFunction): readonly HostClaim[] =>
  claimsOf(ground, fn).filter(({ by, mdev }) => by === 'vm' && mdev === undefined);

/** `VM 101 (win11)`, `CT 102`. */
export function claimant({ by, guest, guestName, label }: HostClaim): string {
  if (guest === undefined) return label;
  const short = `${by === 'container' ? 'CT' : 'VM'} ${guest}`;
  return guestName === undefined ? short : `${short} (${guestName})`;
}
