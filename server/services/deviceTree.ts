import {
  deviceLabel,
  type HostNeed,
  type Inventory,
  isPassiveMember,
  type PciFunction,
  shortVendor,
} from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { claimsOnHost } from '../facts/deviceUse.ts';
import { driftOfSnapshot } from '../facts/drift.ts';
import type { Claim } from '../languages/language.ts';
import { escapeMarkdown, paragraphs } from '../text/markdown.ts';
import { deviceCard } from '../values/deviceCard.ts';
import type { Snapshot, World } from '../workspace/world.ts';
import { driftList, driftSummary, readableTime, wasText } from './driftText.ts';

export type TreeSort = 'group' | 'class' | 'use';

/** One row of the device tree: everything a view has to draw, nothing it has to work out. */
export interface TreeRow {
  /** Stable across refreshes, so that a view keeps what is open and selected. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown, escaped. */
  readonly tooltip?: string;
  /** A codicon's name, and the theme colour to paint it in. */
  readonly icon?: string;
  readonly color?: string;
  /** What menus may ask: `host`, `group`, `device`, `claim`, with qualities behind it (`device.vf`). */
  readonly context: string;
  /** What a screen reader says instead of label and description. */
  readonly spoken?: string;
  readonly address?: string;
  /** Vendor and device id of a device, `10de:1c03`. */
  readonly ids?: string;
  /** The name under which a host is configured; only hosts that were asked have one. */
  readonly hostName?: string;
  /** Where a click leads. */
  readonly location?: { readonly uri: string; readonly line: number; readonly column: number };
  readonly open?: boolean;
  readonly children?: readonly TreeRow[];
}

/** How a device stands, in the order of what a person must know first. */
export type DeviceState = 'host-needs' | 'in-use' | 'shared-group' | 'ready' | 'host-driver' | 'no-iommu' | 'bridge';

/** Hosts, below them groups of devices by the chosen order, below those the functions. */
export function deviceTree(world: World, sort: TreeSort, filter: string): readonly TreeRow[] {
  return [...world.snapshots].sort(bySnapshotName).map(snapshot => hostRow(world, snapshot, sort, filter));
}

/** Snapshots that came from a configured host, and not from a file of the workspace, have such a URI. */
const hostScheme = 'hostpci-host:/';

function hostRow(world: World, snapshot: Snapshot, sort: TreeSort, filter: string): TreeRow {
  const { inventory, uri } = snapshot;
  const shown = inventory.functions.filter(fn => matches(fn, filter));
  const rows = groupsOf(inventory, shown, sort, fn => deviceRow(world, snapshot, fn));
  const count = `${shown.length} device${shown.length === 1 ? '' : 's'}`;
  const drift = driftOfSnapshot(snapshot);
  const gaps = inventory.gaps.map(gap => `- ${escapeMarkdown(gap)}`).join('\n');
  const tooltip = paragraphs(driftList(drift), gaps && `Not known:\n\n${gaps}`);
  return {
    id: uri,
    label: hostName(snapshot),
    description: [
      inventory.takenAt ? `as of ${readableTime(inventory.takenAt)}` : 'from a listing',
      count,
      driftSummary(drift),
    ]
      .filter(text => text !== undefined)
      .join(' · '),
    icon: 'server',
    context: uri.startsWith(hostScheme) ? 'host.asked' : 'host.file',
    open: true,
    ...(uri.startsWith(hostScheme) ? { hostName: decodeURIComponent(uri.slice(hostScheme.length)) } : {}),
    children: rows,
    ...(tooltip === '' ? {} : { tooltip }),
  };
}

function groupsOf(
  inventory: Inventory,
  shown: readonly PciFunction[],
  sort: TreeSort,
  row: (fn: PciFunction) => TreeRow,
): readonly TreeRow[] {
  const groups = new Map<string, PciFunction[]>();
  for (const fn of shown) {
    const key = keyOf(inventory, fn, sort);
    groups.set(key, [...(groups.get(key) ?? []), fn]);
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([label, members]) => ({
      id: `${inventory.node ?? ''}/${sort}/${label}`,
      label,
      description: members.length === 1 ? '' : `${members.length} devices`,
      icon: sort === 'group' ? 'symbol-namespace' : 'folder',
      context: 'group',
      open: shown.length <= 12,
      children: members.map(row),
    }));
}

function keyOf(inventory: Inventory, fn: PciFunction, sort: TreeSort): string {
  if (sort === 'class') return fn.className ?? `Class ${fn.classId ?? 'unknown'}`;
  if (sort === 'use') return useNames[stateOf(inventory, fn, [])];
  if (typeof fn.iommuGroup === 'number') return `IOMMU group ${fn.iommuGroup}`;
  return fn.iommuGroup === null ? 'In no IOMMU group' : 'IOMMU group not known';
}

const useNames: Record<DeviceState, string> = {
  'host-needs': '1 The host needs them',
  'in-use': '2 Used by guests',
  'shared-group': '3 Share a group',
  ready: '4 Ready for passthrough',
  'host-driver': '5 Bound by the host',
  'no-iommu': '6 In no IOMMU group',
  bridge: '7 Bridges',
};

function deviceRow(world: World, snapshot: Snapshot, fn: PciFunction): TreeRow {
  const { inventory } = snapshot;
  const claims = claimsOnHost(world, snapshot, fn.address);
  const state = stateOf(inventory, fn, claims);
  const changes = driftOfSnapshot(snapshot)?.at(fn.address) ?? [];
  const label = `${shortAddress(fn.address)}  ${deviceLabel(fn)}`;
  const driver = fn.driver ?? (fn.driver === null ? 'no driver' : undefined);
  const description = [driver, stateText(inventory, fn, claims), wasText(changes)]
    .filter(text => text !== undefined && text !== '')
    .join(' · ');
  return {
    id: `${snapshot.uri}#${fn.address}`,
    label,
    description,
    tooltip: paragraphs(
      deviceCard(
        fn,
        inventory,
        claims.map(claim => claim.label),
      ),
      changes.length > 0 && `**Changed:** ${changes.map(change => escapeMarkdown(change.text)).join(' ')}`,
    ),
    icon: iconOf(fn),
    color: stateColors[state],
    context: `device${fn.physicalFunction ? '.vf' : ''}${fn.isBridge ? '.bridge' : ''}`,
    spoken: `${fn.vendorName ? shortVendor(fn.vendorName) : ''} ${deviceLabel(fn)} at ${shortAddress(fn.address)}, ${description}`,
    address: fn.address,
    ...(fn.vendorId && fn.deviceId ? { ids: `${fn.vendorId}:${fn.deviceId}` } : {}),
    ...(claims.length > 0 ? { children: claims.map(claim => claimRow(snapshot, fn, claim)) } : {}),
  };
}

const claimRow = (snapshot: Snapshot, fn: PciFunction, claim: Claim): TreeRow => ({
  id: `${snapshot.uri}#${fn.address}#${claim.uri}#${claim.span.line}`,
  label: claim.label,
  icon: claim.by === 'mapping' ? 'references' : 'vm',
  context: 'claim',
  location: { uri: claim.uri, line: claim.span.line, column: claim.span.start },
});

export function stateOf(inventory: Inventory, fn: PciFunction, claims: readonly Claim[]): DeviceState {
  if (isPassiveMember(fn)) return 'bridge';
  if (needsOf(inventory, fn).length > 0) return 'host-needs';
  if (claims.some(claim => claim.by !== 'mapping')) return 'in-use';
  if (fn.iommuGroup === null) return 'no-iommu';
  if (strangersOf(inventory, fn).length > 0) return 'shared-group';
  return fn.driver === 'vfio-pci' || fn.driver === null ? 'ready' : 'host-driver';
}

const stateColors: Record<DeviceState, string> = {
  'host-needs': 'charts.red',
  'in-use': 'charts.blue',
  'shared-group': 'charts.orange',
  ready: 'charts.green',
  'host-driver': 'foreground',
  'no-iommu': 'disabledForeground',
  bridge: 'disabledForeground',
};

function stateText(inventory: Inventory, fn: PciFunction, claims: readonly Claim[]): string {
  const needs = needsOf(inventory, fn);
  const users = claims.filter(claim => claim.by !== 'mapping').map(claim => claim.label);
  const strangers = strangersOf(inventory, fn).length;
  if (needs.length > 0) return `host needs it: ${needs.map(need => need.detail).join(', ')}`;
  if (users.length > 0) return `in use by ${users.join(', ')}`;
  if (strangers > 0) return `group shared with ${strangers} other${strangers === 1 ? '' : 's'}`;
  return '';
}

const needsOf = (inventory: Inventory, fn: PciFunction): readonly HostNeed[] =>
  inventory.hostNeeds.filter(need => need.address === fn.address);

/** Members of the same group in other slots, bridges left out: what passthrough would take along. */
function strangersOf(inventory: Inventory, fn: PciFunction): readonly PciFunction[] {
  if (typeof fn.iommuGroup !== 'number') return [];
  const slot = fn.address.slice(0, -2);
  return inventory.functions.filter(
    other => other.iommuGroup === fn.iommuGroup && !other.address.startsWith(slot) && !isPassiveMember(other),
  );
}

const icons: readonly (readonly [prefix: string, icon: string])[] = [
  ['01', 'database'],
  ['02', 'plug'],
  ['03', 'device-desktop'],
  ['0403', 'unmute'],
  ['04', 'device-camera-video'],
  ['06', 'git-merge'],
  ['0c03', 'circuit-board'],
  ['0d', 'radio-tower'],
  ['12', 'chip'],
];

const iconOf = (fn: PciFunction): string =>
  [...icons].sort(([a], [b]) => b.length - a.length).find(([prefix]) => fn.classId?.startsWith(prefix))?.[1] ??
  'circuit-board';

const matches = (fn: PciFunction, filter: string): boolean =>
  filter === '' ||
  [fn.address, deviceLabel(fn), fn.vendorName, fn.className, fn.driver, `${fn.vendorId}:${fn.deviceId}`].some(text =>
    text?.toLowerCase().includes(filter.toLowerCase()),
  );

const hostName = (snapshot: Snapshot): string =>
  snapshot.inventory.node ?? decodeURIComponent(snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1));

const bySnapshotName = (a: Snapshot, b: Snapshot): number =>
  hostName(a).localeCompare(hostName(b), 'en', { numeric: true });
