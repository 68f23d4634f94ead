import {
  deviceLabel,
  groupMembers,
  type Inventory,
  isPassiveMember,
  type PciFunction,
} from '../../../host/inventory.ts';
import { shortAddress } from '../../../host/pciAddress.ts';
import { tokenSpan } from '../../text/span.ts';
import { needLabel, needsOf } from '../../values/deviceCard.ts';
import type { Lens, SourceFile, Surroundings } from '../language.ts';
import { configOf } from './config.ts';
import { handedOver } from './hostDevices.ts';
import { usesMdev } from './machine.ts';
import type { VmConf } from './tree.ts';

/**
 * Above a `hostpciN` line: what else its IOMMU group holds, who else claims the device, what the host needs it for.
 * Mediated devices leave the function on the host, so nothing of that concerns them.
 */
export function vmConfLenses(file: SourceFile<VmConf>, around: Surroundings): readonly Lens[] {
  const { inventory } = around;
  if (!inventory) return [];
  const entries = configOf(file)
    .next.family('hostpci')
    .filter(entry => !usesMdev(entry));
  const given = entries.map(entry => ({ entry, functions: handedOver(entry, around).flatMap(one => one.functions) }));
  const all = new Set(given.flatMap(({ functions }) => functions));
  return given.flatMap(({ entry, functions }) => {
    const titles = [
      ...groupTitles(functions, all, inventory),
      ...claimTitles(functions, around),
      ...needTitles(functions, inventory),
    ];
    return titles.map(title => ({ span: tokenSpan(entry.line, entry.node.key), title }));
  });
}

/** `Group 14 also holds 01:00.1 GP106 High Definition Audio Controller`, for members that this VM does not get. */
function groupTitles(
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

function claimTitles(functions: readonly PciFunction[], around: Surroundings): readonly string[] {
  const labels = functions.flatMap(fn =>
    around
      .claims(fn.address)
      .filter(claim => claim.by !== 'mapping')
      .map(claim => claim.label),
  );
  const unique = [...new Set(labels)];
  return unique.length > 0 ? [`Also claimed by ${unique.join(', ')}`] : [];
}

function needTitles(functions: readonly PciFunction[], inventory: Inventory): readonly string[] {
  const needs = new Set(functions.flatMap(fn => needsOf(inventory, fn.address)).map(needLabel));
  return needs.size > 0 ? [`The host needs it: ${[...needs].join(', ')}`] : [];
}
