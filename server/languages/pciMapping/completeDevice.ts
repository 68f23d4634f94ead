import { deviceLabel, functionAt, type Inventory, type PciFunction } from '../../../host/inventory.ts';
import { functionOf, type PciAddress, slotOf } from '../../../host/pciAddress.ts';
import type { Part } from '../../syntax/propertyString.ts';
import { type Position, type Span, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import { deviceCard, deviceDetail } from '../../values/deviceCard.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { type MapEntry, type MappingKind, partOf, pathItems } from './config.ts';
import { inventoryFor, knownHosts } from './hosts.ts';
import { comparedFunction, type identityKeys, identityOf, mapValue } from './identity.ts';

/** A whole `map` line for each device of each known host. */
export const deviceEntries = (around: Surroundings, replace: Span): readonly Suggestion[] =>
  knownHosts(around).flatMap(({ node, inventory }) =>
    passable(inventory).map(fn => ({
      ...deviceSuggestion(fn, fn.address, inventory, replace),
      insert: mapValue(node, fn.address, fn),
      detail: [node, deviceDetail(fn)].filter(text => text !== '').join(' · '),
      filter: `${fn.address} ${node} ${deviceLabel(fn)}`,
    })),
  );

/** What is left to write of a line: all of it where `path=` is missing too, else what the device there must have. */
export function restOfEntry(entry: MapEntry, around: Surroundings, replace: Span): readonly Suggestion[] {
  const node = partOf(entry, 'node')?.value.text;
  const inventory = inventoryFor(around, node);
  const path = partOf(entry, 'path');
  if (!inventory) return [];
  const taken = new Set(entry.parts.filter(part => part.hasEquals).map(({ key }) => key.text));
  if (!path) {
    return passable(inventory).map(fn => ({
      ...deviceSuggestion(fn, `path=${fn.address}`, inventory, replace),
      insert: missing({ path: fn.address, ...identityOf(fn) }, taken),
    }));
  }
  const fn = comparedFunction(inventory, path.value.text.split(';')[0] ?? '');
  const rest = fn ? missing(identityOf(fn), taken) : '';
  if (!fn || rest === '') return [];
  return [{ ...deviceSuggestion(fn, rest, inventory, replace), insert: rest, sort: '0' }];
}

/** Values of one sub-property, from the host that the line is about. */
export function subValues(
  entry: MapEntry,
  part: Part,
  at: Position,
  kind: MappingKind,
  around: Surroundings,
): readonly Suggestion[] {
  const replace = tokenSpan(entry.line, part.value);
  const key = part.key.text;
  if (key === 'node') {
    return around.nodes.map(node => ({ label: node, kind: 'value', replace, insert: node }));
  }
  const inventory = inventoryFor(around, partOf(entry, 'node')?.value.text);
  if (kind !== 'pci' || !inventory) return [];
  if (key === 'path') return pathSuggestions(entry, part, at, inventory);
  return key === 'id' || key === 'iommugroup' || key === 'subsystem-id'
    ? idSuggestions(entry, key, inventory, replace)
    : [];
}

/** Functions, and whole devices where a device has more than one function; those beside a `;` of the same device first. */
function pathSuggestions(entry: MapEntry, part: Part, at: Position, inventory: Inventory): readonly Suggestion[] {
  const items = pathItems(part.value);
  const item = items.find(one => tokenTouches(one, at.column));
  const replace = item ? tokenSpan(entry.line, item) : span(at.line, at.column, at.column);
  const others = new Set(items.filter(one => one !== item).map(({ text }) => text));
  const slots = new Set([...others].map(text => text.replace(/\.[0-7]$/, '')));
  return passable(inventory).flatMap(fn => {
    const slot = slotOf(fn.address);
    const sort = `${slots.has(slot) ? 0 : 1}${fn.address}`;
    const single = { ...deviceSuggestion(fn, fn.address, inventory, replace), sort };
    const whole = { ...deviceSuggestion(fn, slot, inventory, replace), sort: `${sort}w`, detail: 'all functions' };
    const hasMore = functionOf(fn.address) === 0 && functionAt(inventory, `${slot}.1` as PciAddress) !== undefined;
    return [single, ...(hasMore ? [whole] : [])].filter(one => !others.has(one.label));
  });
}

function idSuggestions(
  entry: MapEntry,
  key: (typeof identityKeys)[number],
  inventory: Inventory,
  replace: Span,
): readonly Suggestion[] {
  const path = partOf(entry, 'path')?.value.text.split(';')[0];
  const there = path === undefined ? undefined : comparedFunction(inventory, path);
  const offered = new Map<string, Suggestion>();
  for (const fn of there ? [there] : passable(inventory)) {
    const text = identityOf(fn)[key];
    if (typeof text === 'string' && !offered.has(text))
      offered.set(text, deviceSuggestion(fn, text, inventory, replace));
  }
  return [...offered.values()];
}

/** Bridges cannot be passed through, and Proxmox does not offer them either. */
const passable = (inventory: Inventory): readonly PciFunction[] =>
  inventory.functions.filter(fn => fn.isBridge !== true && fn.classId?.startsWith('06') !== true);

function deviceSuggestion(fn: PciFunction, text: string, inventory: Inventory, replace: Span): Suggestion {
  return {
    label: text,
    kind: 'device',
    replace,
    insert: text,
    detail: deviceDetail(fn),
    note: deviceLabel(fn),
    documentation: deviceCard(fn, inventory),
    filter: `${text} ${deviceLabel(fn)}`,
    sort: `0${fn.address}`,
  };
}

/** `key=value,…` of those that the line does not have yet, keys sorted. */
const missing = (values: Readonly<Record<string, string | null | undefined>>, taken: ReadonlySet<string>): string =>
  Object.keys(values)
    .filter(key => values[key] != null && !taken.has(key))
    .sort()
    .map(key => `${key}=${values[key]}`)
    .join(',');
