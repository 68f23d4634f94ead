import { deviceLabel, type Inventory, isPassiveMember, type PciFunction } from '../../../host/inventory.ts';
import { type Position, type Span, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import { deviceCard, deviceDetail } from '../../values/deviceCard.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { type Attribute, attributeOf, generalPaths, interfaceAttributes, pciAttributes } from './attributes.ts';
import { functionOf } from './paths.ts';
import type { SysfsLine, SysfsTree } from './tree.ts';

const devices = 'bus/pci/devices/';
const interfaces = 'class/net/';

/** Paths of the host's devices and their attributes, and what an attribute takes. */
export function completeSysfs(file: SourceFile<SysfsTree>, at: Position, around: Surroundings): readonly Suggestion[] {
  const line = file.tree.lines[at.line];
  if (!line || (line.comment.text !== '' && at.column > line.comment.start)) return [];
  if (line.hasEquals && at.column > line.path.end) {
    const equals = (file.lines[at.line] ?? '').indexOf('=', line.path.end);
    return at.column > equals && line.keyword.text === '' ? completeValue(line, at, around.inventory) : [];
  }
  if (!tokenTouches(line.path, at.column) && line.kind === 'setting') return [];
  const replace = line.kind === 'setting' ? tokenSpan(at.line, line.path) : span(at.line, at.column, at.column);
  return completePath(line, replace, around);
}

function completePath(line: SysfsLine, replace: Span, around: Surroundings): readonly Suggestion[] {
  const written = /^\/?sys\//.exec(line.path.text)?.[0];
  const slash = written === undefined && line.path.text.startsWith('/') ? '/' : '';
  const typed = line.path.text.slice(written?.length ?? slash.length);
  const assign = line.hasEquals || line.keyword.text !== '' ? '' : ' = ';
  const paths = completeTyped(line, typed, { replace, slash, assign }, around);
  // sysfsutils puts /sys/ in front by itself: what is taken from the list replaces a written one, and is found behind it.
  return written === undefined ? paths : paths.map(one => ({ ...one, filter: `${written}${one.filter ?? one.label}` }));
}

function completeTyped(
  line: SysfsLine,
  typed: string,
  shape: Shape,
  { inventory, claims }: Surroundings,
): readonly Suggestion[] {
  const device = inventory?.functions.find(fn => typed.startsWith(`${devices}${fn.address}/`));
  if (device) return attributesOf(`${devices}${device.address}/`, pciAttributes, device, shape);
  const name = /^class\/net\/([^/]+)\//.exec(typed)?.[1];
  if (name !== undefined) {
    const fn = inventory?.functions.find(one => one.interfaces?.includes(name));
    return attributesOf(`${interfaces}${name}/`, interfaceAttributes, fn, shape);
  }
  return [
    ...virtualFunctions(inventory, shape),
    ...(inventory?.functions ?? []).map(fn =>
      suggestDevice(
        fn,
        inventory as Inventory,
        claims(fn.address).map(one => one.label),
        shape,
      ),
    ),
    ...suggestInterfaces(inventory, shape),
    ...Object.entries(generalPaths).map(([path, attribute]) => suggestPath(path, attribute, `4${path}`, shape)),
    ...(line.keyword.text === '' && !typed.includes('/') ? keywords(shape.replace) : []),
  ];
}

interface Shape {
  readonly replace: Span;
  /** A leading slash that the user wrote; sysfsutils does not mind it. */
  readonly slash: string;
  /** What goes behind a finished path. */
  readonly assign: string;
}

/** What most people come for: the number of VFs of a card that can have some. */
const virtualFunctions = (inventory: Inventory | undefined, shape: Shape): readonly Suggestion[] =>
  (inventory?.functions ?? [])
    .filter(fn => (fn.vfTotal ?? 0) > 0)
    .map(fn => ({
      ...suggestPath(
        `${devices}${fn.address}/sriov_numvfs`,
        pciAttributes.sriov_numvfs as Attribute,
        `0${fn.address}`,
        shape,
      ),
      kind: 'device' as const,
      detail: `0–${fn.vfTotal} VFs`,
      note: deviceLabel(fn),
      filter: `${shape.slash}${devices}${fn.address}/sriov_numvfs ${deviceLabel(fn)}`,
    }));

function suggestDevice(
  fn: PciFunction,
  inventory: Inventory,
  claims: readonly string[],
  { replace, slash }: Shape,
): Suggestion {
  const text = `${slash}${devices}${fn.address}/`;
  return {
    label: text,
    kind: 'device',
    replace,
    insert: text,
    again: true,
    detail: deviceDetail(fn),
    note: deviceLabel(fn),
    documentation: deviceCard(fn, inventory, claims),
    filter: `${text} ${deviceLabel(fn)}`,
    sort: `${isPassiveMember(fn) ? 2 : 1}${fn.address}`,
  };
}

const suggestInterfaces = (inventory: Inventory | undefined, { replace, slash }: Shape): readonly Suggestion[] =>
  (inventory?.functions ?? [])
    .filter(fn => fn.classId?.startsWith('02'))
    .flatMap(fn => (fn.interfaces ?? []).map(name => ({ fn, name })))
    .map(({ fn, name }) => ({
      label: `${slash}${interfaces}${name}/`,
      kind: 'device',
      replace,
      insert: `${slash}${interfaces}${name}/`,
      again: true,
      note: deviceLabel(fn),
      sort: `3${name}`,
    }));

const attributesOf = (
  prefix: string,
  known: Readonly<Record<string, Attribute>>,
  fn: PciFunction | undefined,
  shape: Shape,
): readonly Suggestion[] =>
  Object.entries(known)
    .filter(([name]) => !name.includes('sriov') || !fn || (fn.vfTotal ?? 0) > 0)
    .map(([name, attribute]) => suggestPath(`${prefix}${name}`, attribute, `0${name}`, shape));

function suggestPath(path: string, attribute: Attribute, sort: string, { replace, slash, assign }: Shape): Suggestion {
  const text = `${slash}${path}`;
  return {
    label: text,
    kind: 'key',
    replace,
    insert: `${text}${assign}`,
    ...(assign === '' ? {} : { again: true }),
    detail: attribute.takes ?? Object.keys(attribute.values ?? {}).join(' | '),
    documentation: attribute.doc,
    sort,
  };
}

const keywords = (replace: Span): readonly Suggestion[] => [
  {
    label: 'mode',
    kind: 'key',
    replace,
    insert: 'mode ',
    again: true,
    documentation: 'Permissions of an attribute, as chmod takes them.',
    sort: '5mode',
  },
  {
    label: 'owner',
    kind: 'key',
    replace,
    insert: 'owner ',
    again: true,
    documentation: 'Owner of an attribute: `user` or `user:group`.',
    sort: '5owner',
  },
];

function completeValue(line: SysfsLine, at: Position, inventory: Inventory | undefined): readonly Suggestion[] {
  const fn = inventory && functionOf(line, inventory);
  const attribute = attributeOf(line.path.text);
  const replace = tokenTouches(line.value, at.column)
    ? tokenSpan(at.line, line.value)
    : span(at.line, at.column, at.column);
  if (fn && line.path.text.endsWith('sriov_numvfs')) return suggestCounts(fn, replace);
  const listed = Object.entries(attribute?.values ?? {});
  const chosen = fn ? (attribute?.choices?.(fn) ?? []).map(value => [value, ''] as const) : [];
  return [...listed, ...chosen].map(([value, doc], index) => ({
    label: value,
    kind: 'value',
    replace,
    insert: value,
    ...(doc === '' ? {} : { documentation: doc }),
    sort: String(index).padStart(3, '0'),
  }));
}

function suggestCounts(fn: PciFunction, replace: Span): readonly Suggestion[] {
  const most = fn.vfTotal ?? 0;
  return Array.from({ length: Math.min(most, 64) + 1 }, (_, count) => ({
    label: String(count),
    kind: 'value' as const,
    replace,
    insert: String(count),
    ...(count === 0 ? { detail: 'none' } : count === most ? { detail: 'all' } : {}),
    ...(count === fn.vfCount ? { note: 'now' } : {}),
    sort: String(count).padStart(3, '0'),
  }));
}
