import { deviceLabel, functionAt, isPassiveMember, type PciFunction, shortVendor } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import type { HostClaim } from '../facts/deviceUse.ts';
import { driftOfSnapshot } from '../facts/drift.ts';
import { wasText } from './driftText.ts';
import type { HostView } from './treeHost.ts';
import { locationOf, mdevRows, useRows } from './treeParts.ts';
import { dotted, shortName, type TreeRow } from './treeRow.ts';
import { iconOf, stateColors, stateInWords, stateText } from './treeState.ts';

/** Where a device is drawn. */
export interface DevicePlace {
  /** Id of the row above; the same device may stand below several. */
  readonly above: string;
  /** Say the group: the rows above do not. */
  readonly withGroup: boolean;
  /** The claim of the guest or mapping below which it stands; it leads the description and is not told again. */
  readonly claim?: HostClaim;
  /** Virtual functions to show below it. */
  readonly functions?: readonly PciFunction[];
  /** It is one of those: its number says enough. */
  readonly isNested?: boolean;
}

/** A device; below it who uses it, the mediated devices that it can be made into and its virtual functions. */
export function deviceRow(view: HostView, fn: PciFunction, place: DevicePlace): TreeRow {
  const id = `${place.above}#${fn.address}`;
  const description = dotted(leadOf(place), ...factsOf(view, fn, place));
  const functions = (place.functions ?? []).map(vf =>
    deviceRow(view, vf, { above: id, withGroup: vf.iommuGroup !== fn.iommuGroup || place.withGroup, isNested: true }),
  );
  const children = [...useRows(view, fn, id, place.claim), ...mdevRows(view, fn, id), ...functions];
  return {
    id,
    label: place.isNested ? (vfNumber(view, fn) ?? deviceLabel(fn)) : shortName(deviceLabel(fn)),
    description,
    icon: iconOf(fn),
    color: stateColors[view.stateOf(fn)],
    context: contextOf(view, fn),
    spoken: spoken(view, fn, place),
    host: view.snapshot.uri,
    address: fn.address,
    ...(isPassiveMember(fn) ? { dim: true } : { takes: fn.address }),
    ...(fn.vendorId && fn.deviceId ? { ids: `${fn.vendorId}:${fn.deviceId}` } : {}),
    ...(children.length > 0 ? { children } : {}),
  };
}

/** A claim on a device that the host does not have. */
export function missingRow(view: HostView, claim: HostClaim, above: string): TreeRow {
  const why = view.inventory.complete ? 'not on this host' : 'not in this listing';
  return {
    id: `${above}#${claim.address}`,
    label: shortAddress(claim.address),
    description: dotted(leadOf({ claim }), why),
    icon: 'question',
    color: 'problemsWarningIcon.foreground',
    context: 'missing',
    ...locationOf(claim),
  };
}

/** The key in a guest's configuration. */
const leadOf = ({ claim }: Pick<DevicePlace, 'claim'>): string | undefined =>
  claim?.by === 'mapping' ? undefined : claim?.key;

function* factsOf(view: HostView, fn: PciFunction, place: DevicePlace): Generator<string | undefined> {
  yield shortAddress(fn.address);
  yield stateText(view, fn, place.claim);
  yield fn.driver === null ? 'no driver' : fn.driver;
  yield wasText(driftOfSnapshot(view.snapshot)?.at(fn.address) ?? []);
  if (fn.vfTotal) yield `${fn.vfCount ?? 0} of ${fn.vfTotal} VFs`;
  if (!place.isNested && fn.physicalFunction) yield vfNumber(view, fn, ` of ${shortAddress(fn.physicalFunction)}`);
  if (place.withGroup && typeof fn.iommuGroup === 'number') yield `group ${fn.iommuGroup}`;
}

/** `VF 2`, as its PF counts them. */
function vfNumber({ inventory }: HostView, fn: PciFunction, behind = ''): string | undefined {
  const pf = fn.physicalFunction && functionAt(inventory, fn.physicalFunction);
  const index = pf?.virtualFunctions?.indexOf(fn.address) ?? -1;
  return index === -1 ? undefined : `VF ${index}${behind}`;
}

/** `device`, with what menus ask about behind it. */
function contextOf(view: HostView, fn: PciFunction): string {
  const qualities = [
    fn.physicalFunction !== undefined && 'vf',
    isPassiveMember(fn) && 'bridge',
    (view.usesOf(fn).some(({ claim }) => claim) || view.mappingsOf(fn).length > 0) && 'used',
  ];
  return ['device', ...qualities.filter(Boolean)].join('.');
}

function spoken(view: HostView, fn: PciFunction, place: DevicePlace): string {
  const changes = driftOfSnapshot(view.snapshot)?.at(fn.address) ?? [];
  return [
    place.isNested && vfNumber(view, fn),
    `${fn.vendorName ? `${shortVendor(fn.vendorName)} ` : ''}${deviceLabel(fn)} at ${shortAddress(fn.address)}`,
    leadOf(place),
    fn.driver === null ? 'no driver' : fn.driver && `driver ${fn.driver}`,
    typeof fn.iommuGroup === 'number' && `IOMMU group ${fn.iommuGroup}`,
    stateInWords(view, fn),
    wasText(changes),
  ]
    .filter(Boolean)
    .join(', ');
}
