import { grub } from '../languages/grub/grub.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import { type CommandLines, parametersOf } from '../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { idsOf } from '../languages/modprobe/vfioIds.ts';
import { sameNode, siblingsOf, type World } from '../workspace/world.ts';
import { vmsWithDevicesIn } from './deviceUse.ts';

/** True where a VM of the file's host has a PCI device, or vfio-pci is given ids: then the host needs an IOMMU. */
export const wantsPassthrough = (world: World, file: SourceFile): boolean =>
  hasDeviceInVm(world, file) || hasVfioIds(world, file);

const hasDeviceInVm = (world: World, file: SourceFile): boolean =>
  vmsWithDevicesIn(world, file.place.root).some(vm => sameNode(vm, file));

function hasVfioIds(world: World, file: SourceFile): boolean {
  const lines: readonly SourceFile<CommandLines>[] = [
    ...siblingsOf(world, file, kernelCmdline),
    ...siblingsOf(world, file, grub),
  ];
  return (
    lines.some(other => [...parametersOf(other.tree)].some(({ parameter }) => parameter.id === 'vfio_pci.ids')) ||
    siblingsOf(world, file, modprobe).some(other => !idsOf(other.tree).next().done)
  );
}
