import { configOf, numberOf } from '../languages/vmConf/config.ts';
import { setValue } from '../languages/vmConf/edits.ts';
import { memoryOf } from '../languages/vmConf/memory.ts';
import { changeIn } from './change.ts';
import type { Change } from './plan.ts';
import type { Request } from './request.ts';

/** Ballooning does nothing beside a passed-through device; switching it off only says so. */
export function balloonChange({ guest, wish, functions }: Request): Change | undefined {
  const { next } = configOf(guest);
  const entry = next.entry('balloon');
  const target = numberOf(next, 'balloon', 0);
  if (!entry || wish.way === 'mdev' || functions.length === 0 || target === 0 || target >= memoryOf(next))
    return undefined;
  return changeIn(guest, {
    label: 'Switch ballooning off: balloon: 0',
    why: `A passed-through device pins all memory of the VM, so it takes ${memoryOf(next)} MiB whatever balloon says.`,
    edits: [setValue(entry, '0')],
    isOptional: true,
  });
}
