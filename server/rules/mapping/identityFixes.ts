import { deviceLabel, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import type { SourceFile } from '../../languages/language.ts';
import { type MapEntry, partOf, pathItems } from '../../languages/pciMapping/config.ts';
import { changeProperties, functionsLike, knownIdentity } from '../../languages/pciMapping/identity.ts';
import type { Mismatch } from '../../languages/pciMapping/mismatches.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';

/** To follow the device to where it is now, to take what is there, or to take all functions of a card as one. */
export function identityFixes(
  file: SourceFile,
  entry: MapEntry,
  { key, fn, item, isFirst }: Mismatch,
  inventory: Inventory,
): readonly Fix[] {
  const path = partOf(entry, 'path')?.value;
  const items = path ? pathItems(path) : [];
  const slots = new Set(items.map(({ text }) => text.replace(/\.[0-7]$/, '')));
  if (!isFirst && fn && slots.size === 1) {
    const slot = slotOf(fn.address);
    return [fixIn(file, `Map all functions of ${slot}`, ...changeProperties(entry, { path: slot }))];
  }
  if (items.length !== 1) return [];
  const adopt = fn
    ? [
        fixIn(
          file,
          `Take over what is at ${item.text}: ${deviceLabel(fn)}`,
          ...changeProperties(entry, knownIdentity(fn)),
        ),
      ]
    : [];
  const [moved, ...others] = key === 'iommugroup' && fn ? [] : functionsLike(inventory, entry);
  return moved && others.length === 0 && moved !== fn ? [follow(file, entry, moved), ...adopt] : adopt;
}

const follow = (file: SourceFile, entry: MapEntry, fn: PciFunction): Fix =>
  fixIn(
    file,
    `Follow ${deviceLabel(fn)} to ${fn.address}`,
    ...changeProperties(entry, { ...knownIdentity(fn), path: fn.address }),
  );
