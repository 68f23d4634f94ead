import type { PciFunction } from '../../host/inventory.ts';
import type { HostClaim } from '../facts/deviceUse.ts';
import { deviceRow, missingRow } from './treeDevices.ts';
import { type Drawing, holder } from './treeGroups.ts';
import type { DeviceState, HostView, Use } from './treeHost.ts';
import { guestIcon, isOn, locationOf } from './treeParts.ts';
import { counted, dotted, type TreeRow } from './treeRow.ts';
import { stateColors } from './treeState.ts';

/** By use: guests with their devices, mappings, and what nobody uses by how it could be. */
export function useRows(drawing: Drawing): readonly TreeRow[] {
  return [...guestRows(drawing), ...stateRows(drawing), ...mappingRows(drawing)];
}

/** What devices have in common that no guest uses. */
const states: readonly { readonly state: DeviceState; readonly name: string; readonly icon: string }[] = [
  { state: 'ready', name: 'Ready for passthrough', icon: 'pass' },
  { state: 'host-driver', name: 'Bound by the host', icon: 'link' },
  { state: 'shared-group', name: 'Share a group', icon: 'shield' },
  { state: 'group-needed', name: 'Tied to the host by their group', icon: 'warning' },
  { state: 'host-needs', name: 'The host needs them', icon: 'server-environment' },
  { state: 'no-iommu', name: 'In no IOMMU group', icon: 'circle-slash' },
  { state: 'unknown', name: 'Driver not known', icon: 'question' },
  { state: 'bridge', name: 'Bridges', icon: 'type-hierarchy-sub' },
];

function stateRows(drawing: Drawing): readonly TreeRow[] {
  const { view, shown } = drawing;
  return states.flatMap(({ state, name, icon }) => {
    const members = shown.filter(fn => view.stateOf(fn) === state);
    if (members.length === 0) return [];
    const { id, open } = holder(drawing, `use|${state}`, state !== 'bridge');
    return {
      id,
      label: name,
      description: String(members.length),
      spoken: `${name}, ${counted(members.length, 'device')}`,
      icon,
      color: stateColors[state],
      context: 'group',
      host: view.snapshot.uri,
      ...(state === 'bridge' ? { dim: true } : {}),
      ...(open === undefined ? {} : { open }),
      children: members.map(fn => deviceRow(view, fn, { above: id, withGroup: true })),
    };
  });
}

/** A guest with what it has of the host; a use without a function is of one that the host lacks. */
interface Guest {
  readonly use: Use;
  readonly items: { readonly use: Use; readonly fn: PciFunction | undefined }[];
}

function guestRows(drawing: Drawing): readonly TreeRow[] {
  return guestsOf(drawing)
    .sort((a, b) => (a.use.guest ?? 0) - (b.use.guest ?? 0))
    .map(guest => guestRow(drawing, guest));
}

function guestRow(drawing: Drawing, { use, items }: Guest): TreeRow {
  const { view } = drawing;
  const { id, open } = holder(drawing, `use|${use.by}|${use.guest ?? use.label}`, true);
  const isRunning = isOn(view, use);
  const isCostly = items.some(({ fn }) => fn && view.alarmOf(fn));
  const sorted = [...items].sort((a, b) => keyOf(a.use).localeCompare(keyOf(b.use), 'en', { numeric: true }));
  const first = sorted[0]?.use.claim;
  return {
    id,
    label: use.label,
    description: dotted(isRunning && 'running', counted(items.length, 'device')),
    icon: guestIcon(use.by),
    color: isCostly ? 'problemsErrorIcon.foreground' : isRunning ? 'charts.green' : 'foreground',
    context: 'guest',
    ...locationOf(first),
    ...(open === undefined ? {} : { open }),
    children: sorted.map(item => guestDeviceRow(view, item, id)),
  };
}

function guestDeviceRow(view: HostView, { use: { claim }, fn }: Guest['items'][number], above: string): TreeRow {
  const place = { above: `${above}|${claim?.key ?? ''}`, withGroup: true, ...(claim ? { claim } : {}) };
  return fn ? deviceRow(view, fn, place) : missingRow(view, claim as HostClaim, place.above);
}

const keyOf = ({ claim }: Use): string => claim?.key ?? '';

function guestsOf({ view, shown, isFiltered }: Drawing): Guest[] {
  const guests = new Map<string, Guest>();
  const add = (use: Use, fn: PciFunction | undefined): void => {
    const guest = guests.get(use.label) ?? { use, items: [] };
    guest.items.push({ use, fn });
    guests.set(use.label, guest);
  };
  for (const fn of shown) for (const use of view.usesOf(fn)) add(use, fn);
  if (!isFiltered) for (const use of view.missing()) add(use, undefined);
  return [...guests.values()];
}

/** The mappings that have a device of this host. */
function mappingRows(drawing: Drawing): readonly TreeRow[] {
  const { view, shown, isFiltered } = drawing;
  const names = [...new Set(view.claims.flatMap(claim => (claim.by === 'mapping' ? (claim.mapping ?? []) : [])))];
  const node = holder(drawing, 'mappings', true);
  const rows = names.flatMap(name => {
    const claims = view.claims.filter(claim => claim.by === 'mapping' && claim.mapping === name);
    const children = claims.flatMap(claim => mappedRows(view, claim, `${node.id}|${name}`, shown, isFiltered));
    return children.length === 0 ? [] : [mappingRow(drawing, name, claims, children)];
  });
  if (rows.length === 0) return [];
  return [
    {
      ...node,
      label: 'Mappings',
      description: String(rows.length),
      spoken: counted(rows.length, 'mapping'),
      icon: 'references',
      context: 'mappings',
      children: rows,
    },
  ];
}

function mappedRows(
  view: HostView,
  claim: HostClaim,
  above: string,
  shown: readonly PciFunction[],
  isFiltered: boolean,
): readonly TreeRow[] {
  const functions = view.functionsOf(claim);
  if (functions.length === 0) return isFiltered ? [] : [missingRow(view, claim, above)];
  return functions.filter(fn => shown.includes(fn)).map(fn => deviceRow(view, fn, { above, withGroup: true, claim }));
}

function mappingRow(
  drawing: Drawing,
  name: string,
  claims: readonly HostClaim[],
  children: readonly TreeRow[],
): TreeRow {
  const users = drawing.view.claims.filter(claim => claim.by === 'vm' && claim.mapping === name).map(useShort);
  const { id, open } = holder(drawing, `mapping|${name}`, true);
  const [first] = claims;
  return {
    id,
    label: name,
    description: dotted(counted(children.length, 'device'), [...new Set(users)].join(', ')),
    icon: 'link',
    color: 'foreground',
    context: 'mapping',
    host: drawing.view.snapshot.uri,
    takes: `mapping=${name}`,
    ...locationOf(first),
    ...(open === undefined ? {} : { open }),
    children,
  };
}

const useShort = (claim: HostClaim): string => (claim.guest === undefined ? claim.label : `VM ${claim.guest}`);
