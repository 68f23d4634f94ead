import { deviceLabel, type PciFunction } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { classNameOf } from '../../host/pciClasses.ts';
import { needLabel } from '../values/deviceCard.ts';
import type { HostView } from './treeHost.ts';
import { stateText } from './treeState.ts';

/**
 * Reads what somebody types to find devices: every word must be part of what is known of one, in any order. `group 2`,
 * `VM 101` and `CT 102` are one word and mean that number only.
 */
export function deviceFilter(text: string): (view: HostView, fn: PciFunction) => boolean {
  const lower = text.trim().toLowerCase();
  const numbered = [...lower.matchAll(numberedWord)].map(([, kind, number]) => `${kind} ${number}${end}`);
  const words = lower.replace(numberedWord, ' ').split(/\s+/).filter(Boolean);
  const wanted = [...numbered, ...words];
  if (wanted.length === 0) return () => true;
  return (view, fn) => {
    const known = wordsOf(view, fn);
    return wanted.every(word => known.includes(word));
  };
}

const numberedWord = /\b(group|vm|ct)[ \t]*(\d+)\b/g;

/** Stands behind everything that is searched, so that `group 2` does not find group 25. */
const end = '\n';

function wordsOf(view: HostView, fn: PciFunction): string {
  const uses = view.usesOf(fn);
  const words = [
    deviceLabel(fn),
    fn.vendorName,
    fn.deviceName,
    fn.subsystemName,
    fn.className ?? (fn.classId && classNameOf(fn.classId)),
    fn.classId,
    fn.address,
    shortAddress(fn.address),
    fn.vendorId && fn.deviceId && `${fn.vendorId}:${fn.deviceId}`,
    fn.subsystemVendorId && fn.subsystemDeviceId && `${fn.subsystemVendorId}:${fn.subsystemDeviceId}`,
    fn.driver === null ? 'no driver' : fn.driver,
    ...(fn.modules ?? []),
    ...(fn.interfaces ?? []),
    typeof fn.iommuGroup === 'number' && `iommu group ${fn.iommuGroup}`,
    fn.physicalFunction && `vf of ${fn.physicalFunction}`,
    stateText(view, fn),
    ...view.needsOf(fn).map(need => `host needs it ${needLabel(need)}`),
    ...uses.flatMap(({ label, short, claim }) => [short, label, claim?.key, claim?.mdev]),
    ...view.mappingsOf(fn).map(name => `mapping ${name}`),
    ...(fn.mdevTypes ?? []).flatMap(({ id, name }) => [id, name]),
  ];
  return `${words.filter(Boolean).join(end)}${end}`.toLowerCase();
}
