import type { SourceFile } from '../languages/language.ts';
import { addressOf, wantedVfs } from '../languages/sysfs/paths.ts';
import { sysfs } from '../languages/sysfs/sysfs.ts';
import type { SysfsLine, SysfsTree } from '../languages/sysfs/tree.ts';
import { inventoryOf, siblingsOf, type World } from '../workspace/world.ts';

/** A line of sysfs.conf or sysfs.d that sets the number of VFs of a function. */
export interface VirtualFunctionRequest {
  readonly file: SourceFile<SysfsTree>;
  readonly line: SysfsLine;
  readonly address: string;
  readonly count: number;
}

/** All requests for VFs on a host, in the order in which sysfsutils carries them out. */
export function virtualFunctionRequests(world: World, file: SourceFile): readonly VirtualFunctionRequest[] {
  // Files outside of a copied tree need not belong together.
  const files = siblingsOf(world, file, sysfs).filter(one => file.place.root !== '' || one.uri === file.uri);
  return inReadingOrder(files).flatMap(one =>
    one.tree.lines.flatMap(line => {
      const count = wantedVfs(line);
      const address = count === undefined ? undefined : addressOf(line, inventoryOf(world, one));
      return count === undefined || address === undefined ? [] : [{ file: one, line, address, count }];
    }),
  );
}

/** /etc/sysfs.conf first, then the files of sysfs.d by name. */
const inReadingOrder = (files: readonly SourceFile<SysfsTree>[]): readonly SourceFile<SysfsTree>[] =>
  [...files].sort(
    (a, b) => rank(a) - rank(b) || (a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : 0),
  );

const rank = (file: SourceFile): number => (file.place.path.includes('/sysfs.d/') ? 1 : 0);
