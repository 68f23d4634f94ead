import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { deviceLabel } from '../../../host/inventory.ts';
import { kernelCmdline } from '../../languages/kernelCmdline/kernelCmdline.ts';
import type { SourceFile } from '../../languages/language.ts';
import { modprobe } from '../../languages/modprobe/modprobe.ts';
import { functionOf, wantedVfs } from '../../languages/sysfs/paths.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf, siblingsOf, type World } from '../../workspace/world.ts';
import type { Rule } from '../rule.ts';

const host = (driver: string): string => `hostpci snapshot 1
== pci functions: ok
0000:02:00.0
  class: 0200
  vendor: 8086
  device: 1521
  device-name: I350 Gigabit Network Connection
  driver: ${driver}
  vf-total: 7
  vf-count: 0
== end
`;

export const pfWithoutDriver: Rule<SysfsTree> = {
  id: 'sriov/pf-without-driver',
  severity: 'error',
  language: sysfs,
  docs: {
    what: 'VFs are asked of a card that has no driver, or is bound to vfio-pci.',
    why: 'VFs are made by the driver of the physical function. Without it the kernel answers "No such file or directory", and there are none.',
    source: 'kernel, drivers/pci/iov.c, sriov_numvfs_store; measured: ENOENT, and success with vfio-pci enable_sriov=1',
  },
  examples: [
    {
      bad: '«bus/pci/devices/0000:02:00.0/sriov_numvfs» = 4\n',
      good: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 0\n',
      host: host('vfio-pci'),
    },
    {
      bad: '«bus/pci/devices/0000:02:00.0/sriov_numvfs» = 4\n',
      good: 'bus/pci/devices/0000:03:00.0/sriov_numvfs = 4\n',
      host: host('none'),
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const line of file.tree.lines) {
      const fn = wantedVfs(line) ? functionOf(line, inventory) : undefined;
      if (!fn || !isWithoutDriver(fn) || (fn.driver && allowsSriov(world, file, inventory))) continue;
      const state = fn.driver ? 'is bound to vfio-pci' : 'has no driver';
      yield {
        span: tokenSpan(line.line, line.path),
        message: `${fn.address} ${deviceLabel(fn)} ${state}, so no VFs can be made of it. Let it keep its own driver; a module that loads late needs a udev rule instead of this line.`,
      };
    }
  },
};

const isWithoutDriver = (fn: PciFunction): boolean => fn.driver === null || fn.driver === 'vfio-pci';

/** `enable_sriov` as the running vfio-pci has it, or as some file or the command line may set it. */
function allowsSriov(world: World, file: SourceFile, inventory: Inventory): boolean {
  const now = inventory.moduleParameters.get('vfio_pci')?.get('enable_sriov');
  if (now !== undefined) return now === 'Y' || now === '1';
  const mention = /enable[-_]sriov/;
  return (
    mention.test(inventory.kernel.commandLine ?? '') ||
    [...siblingsOf(world, file, modprobe), ...siblingsOf(world, file, kernelCmdline)].some(other =>
      other.lines.some(text => mention.test(text)),
    )
  );
}
