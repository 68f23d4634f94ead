import { deviceLabel, groupMembers, type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { needLabel, needsOf } from '../values/deviceCard.ts';
import type { Claim, Surroundings } from './language.ts';

/** Titles of lenses about devices, for the lines of all languages that name some. */

/** `Group 14 also holds 01:00.1 GP106 High Definition Audio Controller`, for members that are not among `all`. */
export function groupTitles(
  functions: readonly PciFunction[],
  all: ReadonlySet<PciFunction>,
  inventory: Inventory,
): readonly string[] {
  const groups = new Set(functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number'));
  return [...groups].flatMap(group => {
    const others = groupMembers(inventory, group).filter(fn => !all.has(fn) && !isPassiveMember(fn));
    if (others.length === 0) return [];
    const shown = others.slice(0, 3).map(fn => `${shortAddress(fn.address)} ${deviceLabel(fn)}`);
    const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : '';
    return [`Group ${group} also holds ${shown.join(', ')}${more}`];
  });
}

/** Who else names one of the functions. */
export const claimLabels = (
  functions: readonly PciFunction[],
  around: Surroundings,
  by: readonly Claim['by'][],
): readonly string[] =>
  functions.flatMap(fn =>
    around
      .claims(fn.address)
      .filter(claim => by.includes(claim.by))
      .map(claim => claim.label),
  );

/** `Also claimed by VM 101 (media), VM 102`; nothing where the list is empty. */
export function listTitle(words: string, labels: readonly string[]): readonly string[] {
  const unique = [...new Set(labels)];
  return unique.length > 0 ? [`${words} ${unique.join(', ')}`] : [];
}

/** `The host needs it: disk of the host (rpool)`. */
export function needTitles(functions: readonly PciFunction[], inventory: Inventory): readonly string[] {
  const needs = new Set(functions.flatMap(fn => needsOf(inventory, fn.address)).map(needLabel));
  return needs.size > 0 ? [`The host needs it: ${[...needs].join(', ')}`] : [];
}
