import { readFileSync } from 'node:fs';
import type { Inventory, PciFunction } from '../../host/inventory.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import type { TreeRow, TreeSort } from '../../server/services/deviceTree.ts';
import { deviceTree } from '../../server/services/deviceTree.ts';
import { emptyWorld, type World, withSnapshot } from '../../server/workspace/world.ts';

export const hostOf = (name: string): Inventory =>
  parseSnapshot(readFileSync(new URL(`../snapshots/${name}.snapshot`, import.meta.url), 'utf8'));

/** A host with no files beside its snapshot. */
export const worldOf = (inventory: Inventory, uri = 'file:///site/pve1.snapshot'): World =>
  withSnapshot(emptyWorld, { uri, root: uri.startsWith('file:') ? 'file:///site' : undefined, inventory });

/** A host in which some functions are another way. */
export function changed(inventory: Inventory, changes: Readonly<Record<string, Partial<PciFunction>>>): Inventory {
  const functions = inventory.functions.map(fn => ({ ...fn, ...changes[fn.address] }));
  return { ...inventory, functions };
}

/** The rows of the only host. */
export function rowsOf(world: World, sort: TreeSort = 'group', filter = ''): readonly TreeRow[] {
  return deviceTree(world, sort, filter)[0]?.children ?? [];
}

export const everyRow = (rows: readonly TreeRow[]): readonly TreeRow[] =>
  rows.flatMap(row => [row, ...everyRow(row.children ?? [])]);

/** Rows as a text, two blanks for each level, `(…)` around what steps back: what one sees, without icons. */
export function drawn(rows: readonly TreeRow[], depth = 9, indent = ''): string {
  return rows
    .map(row => {
      const label = row.dim ? `(${row.label})` : row.label;
      const below = depth > 1 ? drawn(row.children ?? [], depth - 1, `${indent}  `) : '';
      return `${`${indent}${label} | ${row.description ?? ''}`.trimEnd()}\n${below}`;
    })
    .join('');
}

/** The only row with this label, and below it this one, and so on. */
export function rowAt(rows: readonly TreeRow[], ...labels: readonly string[]): TreeRow {
  const [label, ...rest] = labels;
  const found = rows.filter(row => row.label === label);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} rows "${label}" among:\n${drawn(rows, 1)}`);
  return rest.length === 0 ? found[0] : rowAt(found[0].children ?? [], ...rest);
}
