import type { Language, SourceFile, Surroundings } from '../languages/language.ts';
import type { Edit } from '../text/edit.ts';
import type { Position } from '../text/span.ts';
import type { World } from '../workspace/world.ts';

/**
 * What makes a file take devices, each as a row of the tree hands it over: an address, with `,mdev=TYPE` behind it for a
 * mediated device, or `mapping=NAME`. `host` is the URI of the snapshot that they are from; addresses mean nothing on
 * another host, so a guest of another node takes none.
 */
export function takeDevices(
  world: World,
  { file, language, around }: { file: SourceFile; language: Language; around: Surroundings },
  at: Position,
  devices: readonly string[],
  host: string | undefined,
): readonly Edit[] {
  const inventory = world.snapshots.find(({ uri }) => uri === host)?.inventory ?? around.inventory;
  const { node } = file.place;
  const isElsewhere = node !== undefined && inventory?.node !== undefined && node !== inventory.node;
  return isElsewhere ? [] : (language.takeDevices?.(file, at, devices, { ...around, inventory }) ?? []);
}
