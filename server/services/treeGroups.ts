import { deviceLabel, functionAt, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { deviceRow } from './treeDevices.ts';
import type { HostView } from './treeHost.ts';
import { counted, dotted, shortName, type TreeRow } from './treeRow.ts';
import { needText, useText } from './treeState.ts';

/** What one drawing of a host's rows needs to know. */
export interface Drawing {
  readonly view: HostView;
  /** The functions that the filter lets through, by address. */
  readonly shown: readonly PciFunction[];
  readonly isFiltered: boolean;
}

/** A host with more devices starts with its groups closed, so that it fits on a screen. */
const smallHost = 40;

/** Id and state of a row that holds others. What a filter finds is open, and closing it does not last. */
export const holder = ({ view, isFiltered }: Drawing, name: string, isOpen: boolean): Pick<TreeRow, 'id' | 'open'> => ({
  id: `${view.snapshot.uri}|${name}${isFiltered ? '|found' : ''}`,
  open: isFiltered || (isOpen && view.deviceCount <= smallHost),
});

/** Functions below their PFs: what stands by itself, with the virtual functions to show below. */
export function nest(
  { view, shown }: Drawing,
  isNested: (fn: PciFunction, pf: PciFunction) => boolean = () => true,
): ReadonlyMap<PciFunction, readonly PciFunction[]> {
  const nested = new Map<PciFunction, PciFunction[]>();
  for (const fn of shown) {
    const pf = fn.physicalFunction && functionAt(view.inventory, fn.physicalFunction);
    const top = pf && isNested(fn, pf) ? pf : fn;
    const below = nested.get(top) ?? [];
    if (top !== fn) below.push(fn);
    nested.set(top, below);
  }
  return nested;
}

/** By IOMMU group, in the order of their numbers; behind them those that hold nothing but bridges, in one row. */
export function groupRows(drawing: Drawing): readonly TreeRow[] {
  const { view } = drawing;
  const groups = new Map<number | null | undefined, PciFunction[]>();
  const nested = nest(drawing, (vf, pf) => belongsBelow(view, vf, pf));
  for (const fn of nested.keys()) {
    const members = groups.get(fn.iommuGroup);
    if (members) members.push(fn);
    else groups.set(fn.iommuGroup, [fn]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a ?? Number.MAX_VALUE) - (b ?? Number.MAX_VALUE));
  const isDull = ([group, members]: (typeof sorted)[number]): boolean =>
    typeof group === 'number' && members.every(isPassiveMember);
  const row = ([group, members]: (typeof sorted)[number]): TreeRow => groupRow(drawing, group, members, nested);
  const dull = sorted.filter(isDull).map(row);
  return [...sorted.filter(one => !isDull(one)).map(row), ...(dull.length < 2 ? dull : [dullRow(drawing, dull)])];
}

function dullRow(drawing: Drawing, groups: readonly TreeRow[]): TreeRow {
  const { id, open } = holder(drawing, 'group|bridges', false);
  return {
    id,
    label: 'Bridges only',
    description: counted(groups.length, 'group'),
    icon: 'type-hierarchy-sub',
    color: 'disabledForeground',
    dim: true,
    context: 'bridges',
    ...(open === undefined ? {} : { open }),
    children: groups,
  };
}

/**
 * A VF stands below its PF unless its group holds anything else: then that is what one must see.
 */
function belongsBelow(view: HostView, vf: PciFunction, pf: PciFunction): boolean {
  if (typeof vf.iommuGroup !== 'number' || vf.iommuGroup === pf.iommuGroup) return true;
  return view.groupOf(vf.iommuGroup).every(other => other.physicalFunction === pf.address || isPassiveMember(other));
}

function groupRow(
  drawing: Drawing,
  group: number | null | undefined,
  members: readonly PciFunction[],
  nested: ReadonlyMap<PciFunction, readonly PciFunction[]>,
): TreeRow {
  const { view } = drawing;
  const devices = members.filter(fn => !isPassiveMember(fn));
  const { id, open } = holder(drawing, `group|${group}`, devices.length > 0);
  const sorted = [...devices, ...members.filter(isPassiveMember)];
  const row = (fn: PciFunction): TreeRow =>
    deviceRow(view, fn, { above: id, withGroup: false, functions: nested.get(fn) ?? [] });
  const all = typeof group === 'number' ? view.groupOf(group) : members;
  return {
    id,
    label: groupName(group),
    description: dotted(open ? counts(devices) : names(sorted), groupMarks(view, all)),
    icon: typeof group === 'number' ? 'shield' : 'workspace-unknown',
    color: groupColor(view, all),
    context: 'group',
    host: view.snapshot.uri,
    ...(typeof group === 'number' ? { group } : {}),
    ...(devices.length === 0 ? { dim: true } : {}),
    ...(open === undefined ? {} : { open }),
    children: sorted.map(row),
  };
}

function groupName(group: number | null | undefined): string {
  if (typeof group === 'number') return `Group ${group}`;
  return group === null ? 'In no IOMMU group' : 'IOMMU groups not known';
}

const counts = (devices: readonly PciFunction[]): string | undefined =>
  devices.length > 1 ? counted(devices.length, 'device') : undefined;

/** The first device of a group, with its address where it is the only one, else how many more. */
function names([first, ...more]: readonly PciFunction[]): string | undefined {
  if (!first) return undefined;
  const name = shortName(deviceLabel(first));
  return more.length > 0 ? `${name} +${more.length}` : dotted(name, shortAddress(first.address));
}

/** What the host and guests have in a group. */
function groupMarks(view: HostView, members: readonly PciFunction[]): string {
  const uses = members.flatMap(fn => useText(view, fn)?.split(', ') ?? []);
  return dotted(needText(members.flatMap(fn => view.needsOf(fn))), [...new Set(uses)].join(', '));
}

export function groupColor(view: HostView, members: readonly PciFunction[]): string {
  const states = new Set(members.map(fn => view.stateOf(fn)));
  if (members.some(fn => view.alarmOf(fn) !== undefined)) return 'problemsErrorIcon.foreground';
  if (states.has('host-needs')) return 'problemsWarningIcon.foreground';
  if (states.has('in-use')) return 'charts.blue';
  if (states.has('ready')) return 'charts.green';
  return [...states].every(state => state === 'bridge') ? 'disabledForeground' : 'foreground';
}
