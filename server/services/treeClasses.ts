import { isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { deviceRow } from './treeDevices.ts';
import { type Drawing, groupColor, holder, nest } from './treeGroups.ts';
import { counted, type TreeRow } from './treeRow.ts';

/** A kind of device as people think of it, by the first digits of its class. */
interface Kind {
  readonly name: string;
  readonly icon: string;
  readonly classes: readonly string[];
}

/** What people pass through most comes first. The first kind that fits counts. */
const kinds: readonly Kind[] = [
  { name: 'Graphics', icon: 'chip', classes: ['03'] },
  { name: 'Accelerators', icon: 'zap', classes: ['12', '0b40'] },
  { name: 'Network', icon: 'globe', classes: ['02', '0d'] },
  { name: 'Storage', icon: 'database', classes: ['01'] },
  { name: 'USB', icon: 'plug', classes: ['0c03'] },
  { name: 'Audio and video', icon: 'unmute', classes: ['04'] },
  { name: 'System', icon: 'circuit-board', classes: [''] },
];
const bridges: Kind = { name: 'Bridges', icon: 'type-hierarchy-sub', classes: [] };
const unknown: Kind = { name: 'Class not known', icon: 'question', classes: [] };

/** By kind of device; virtual functions below their PF. */
export function classRows(drawing: Drawing): readonly TreeRow[] {
  const nested = nest(drawing);
  return [...kinds, unknown, bridges].flatMap(kind => {
    const members = [...nested.keys()].filter(fn => kindOf(fn) === kind);
    return members.length === 0 ? [] : [kindRow(drawing, kind, members, nested)];
  });
}

function kindOf(fn: PciFunction): Kind {
  if (isPassiveMember(fn)) return bridges;
  const { classId } = fn;
  if (classId === undefined) return unknown;
  return kinds.find(kind => kind.classes.some(prefix => classId.startsWith(prefix))) ?? unknown;
}

function kindRow(
  drawing: Drawing,
  kind: Kind,
  members: readonly PciFunction[],
  nested: ReadonlyMap<PciFunction, readonly PciFunction[]>,
): TreeRow {
  const { view } = drawing;
  const { id, open } = holder(drawing, `class|${kind.name}`, kind !== bridges);
  return {
    id,
    label: kind.name,
    description: counted(members.length, 'device'),
    icon: kind.icon,
    color: groupColor(view, members),
    context: 'group',
    host: view.snapshot.uri,
    ...(kind === bridges ? { dim: true } : {}),
    ...(open === undefined ? {} : { open }),
    children: members.map(fn => deviceRow(view, fn, { above: id, withGroup: true, functions: nested.get(fn) ?? [] })),
  };
}
