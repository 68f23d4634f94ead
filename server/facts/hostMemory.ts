import type { Inventory } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { sysfs } from '../languages/sysfs/sysfs.ts';
import type { Parameter } from '../syntax/commandLine.ts';
import { siblingsOf, type World } from '../workspace/world.ts';
import { bootArguments } from './bootArguments.ts';

/**
 * How many pages of 1 GiB the host reserves: as it was booted, or as it will be with the files as they are, whichever is
 * more. `undefined` where that is not known, or where a file reserves pages at run time.
 */
export function reservedGigabytePages(world: World, file: SourceFile): number | undefined {
  const { running, configured } = bootArguments(world, file);
  if (!running || siblingsOf(world, file, sysfs).some(other => other.lines.some(line => runtime.test(line))))
    return undefined;
  const later = configured ? countOf(configured.map(({ parameter }) => parameter)) : 0;
  return Math.max(countOf(running), later);
}

const runtime = /^[^#]*hugepages-1048576kB/;

/** `hugepages=` counts pages of the size before it, or of the default size. `0:4,1:4` counts for each NUMA node. */
function countOf(parameters: readonly Parameter[]): number {
  const byDefault = parameters.findLast(({ id }) => id === 'default_hugepagesz')?.value.text ?? '2M';
  let size = byDefault;
  let count = 0;
  for (const { id, value } of parameters) {
    if (id === 'hugepagesz') size = value.text;
    else if (id === 'hugepages' && /^(?:1G|1024M)$/i.test(size)) {
      const numbers = value.text.split(',').map(part => Number(part.replace(/^[0-9]+:/, '')));
      count += numbers.reduce((sum, one) => sum + (Number.isFinite(one) ? one : 0), 0);
    }
  }
  return count;
}

/**
 * Memory in MiB that guests can have at most: what the host has, less 2 GiB for itself and less what ZFS may keep for its
 * cache where a limit is set.
 */
export function memoryForGuests(inventory: Inventory): number | undefined {
  if (inventory.memoryKiB === undefined) return undefined;
  const cache = Number(inventory.moduleParameters.get('zfs')?.get('zfs_arc_max') ?? 0);
  return inventory.memoryKiB / 1024 - 2048 - (Number.isFinite(cache) ? cache / 1024 ** 2 : 0);
}
