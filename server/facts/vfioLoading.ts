import type { SourceFile } from '../languages/language.ts';
import { writtenLines } from '../languages/modprobe/linesRead.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { type ModprobeTree, parseModprobe, type ReadLine } from '../languages/modprobe/tree.ts';
import { modules } from '../languages/modules/modules.ts';
import { toLines } from '../text/lines.ts';
import { inventoryOf, siblingsOf, type World } from '../workspace/world.ts';

/**
 * Whether a list of modules, a softdep or an `install` line of the host names vfio-pci, so that it is loaded early.
 * `undefined` where /etc/modules has not been seen.
 */
export function loadsVfioEarly(world: World, file: SourceFile): boolean | undefined {
  const lists = siblingsOf(world, file, modules);
  const configs = siblingsOf(world, file, modprobe);
  const onHost = inventoryOf(world, file)?.files ?? new Map<string, { readonly text: string }>();
  if (lists.some(({ place, lines }) => moduleList.test(place.path) && listsVfioPci(lines))) return true;
  if (configs.some(({ place, tree }) => modprobeFile.test(place.path) && pullsVfioPci(tree))) return true;
  for (const [path, { text }] of onHost) {
    if (moduleList.test(path) && listsVfioPci(toLines(text))) return true;
    if (modprobeFile.test(path) && pullsVfioPci(parseModprobe(toLines(text)))) return true;
  }
  const isSeen = onHost.has('/etc/modules') || lists.some(({ place }) => place.path === '/etc/modules');
  return isSeen ? false : undefined;
}

const moduleList = /^\/etc\/(?:modules|modules-load\.d\/[^/]+\.conf|initramfs-tools\/modules)$/;
const modprobeFile = /^\/etc\/modprobe\.d\/[^/]+\.conf$/;

const listsVfioPci = (lines: readonly string[]): boolean => lines.some(line => /^\s*vfio[-_]pci(?:\s|$)/.test(line));

const pullsVfioPci = (tree: ModprobeTree): boolean =>
  [...writtenLines(tree, namesVfioPci)].some(line => /^(?:softdep|install)\s.*vfio[-_]pci/.test(line));

const namesVfioPci = ({ line }: ReadLine): boolean => /vfio[-_]pci/.test(line.text);
