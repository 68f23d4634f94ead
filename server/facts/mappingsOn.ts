import type { SourceFile } from '../languages/language.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import type { World } from '../workspace/world.ts';
import { grouped } from './grouped.ts';
import { mappedItems, nodeMappings } from './passedDevices.ts';
import { perNode } from './perNode.ts';

/** The mappings of a node by what they name, `0000:01:00` or `0000:01:00.0`: those with one choice, which is certain. */
export const mappingsOn: (world: World, file: SourceFile) => ReadonlyMap<string, readonly string[]> = perNode(
  [pciMapping],
  (world, file) => {
    const named = [...(nodeMappings(world, file, 'pci')?.values() ?? [])].flatMap(({ id, here }) => {
      const [only, ...more] = here ?? [];
      return only && more.length === 0
        ? mappedItems(only).map(item => ({ id, address: item.function ?? item.slot }))
        : [];
    });
    return new Map(
      [...grouped(named, ({ address }) => address)].map(([address, all]) => [address, all.map(({ id }) => id)]),
    );
  },
);
