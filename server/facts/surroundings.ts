import type { Language, Library, SourceFile, Surroundings } from '../languages/language.ts';
import { inventoryOf, siblingsOf, versionsOf, type World } from '../workspace/world.ts';
import { usersOf } from './deviceUse.ts';
import { worldAround } from './hostWorld.ts';
import { inventoryOfNode, nodeNames } from './nodeInventory.ts';

/** Everything around one file at one moment, for the language services. */
export function surroundingsOf(
  world: World,
  file: SourceFile,
  library: Library,
  random: () => number = Math.random,
): Surroundings {
  return {
    inventory: inventoryOf(world, file),
    get nodes() {
      return nodeNames(world, file);
    },
    inventoryOfNode: node => inventoryOfNode(world, file, node),
    versions: versionsOf(world, file),
    siblings: <Tree>(language: Language<Tree>) => siblingsOf(worldAround(world, file), file, language),
    claims: address => usersOf(worldAround(world, file), file, address).filter(claim => claim.uri !== file.uri),
    library,
    random,
  };
}
