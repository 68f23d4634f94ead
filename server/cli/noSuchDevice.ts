import { distance } from '../text/nearest.ts';
import type { Snapshot } from '../workspace/world.ts';

/** That hosts do not have a device, and which of theirs could have been meant. `text` is an address, or a slot. */
export function noSuchDevice(hosts: readonly Snapshot[], text: string, isSlot: boolean): string {
  const known = hosts.flatMap(host => host.inventory.functions.map(fn => fn.address as string));
  const far = (other: string): number => distance(text, isSlot ? other.replace(/\.[0-7]$/, '') : other);
  const least = Math.min(...known.map(far));
  const near = least > 2 ? [] : [...new Set(known)].filter(other => far(other) === least);
  const nodes = hosts.map(({ inventory }) => inventory.node ?? 'the host').join(', ');
  const hint = near.length > 0 ? ` (near it are ${listed(near)})` : ' (hostpci devices lists all)';
  return `${text}: ${nodes} has no such device${hint}`;
}

/** The first six. */
export const listed = (items: readonly string[]): string =>
  items.length > 6 ? `${items.slice(0, 6).join(', ')} and ${items.length - 6} more` : items.join(', ');
