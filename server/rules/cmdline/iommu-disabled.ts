import { findDisabler } from '../../facts/iommu.ts';
import { wantsPassthrough } from '../../facts/passthroughWanted.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, removeItem } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

export const iommuDisabled = commandLineRule({
  id: 'cmdline/iommu-disabled',
  severity: 'error',
  docs: {
    what: 'A kernel parameter (`intel_iommu=off`, `amd_iommu=off`, `iommu=off`, `iommu=soft`) keeps the IOMMU off although a VM or vfio-pci is meant to have a device.',
    why: 'There are no IOMMU groups then. A VM with a passed-through device does not start: the IOMMU is reported as not present.',
    source:
      'kernel, drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c, arch/x86/kernel/pci-dma.c; observed: no groups',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=«off» vfio-pci.ids=10de:1b80\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids=10de:1b80\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu.passthrough=0 vfio-pci.ids=10de:1b80\n',
    },
    {
      bad: '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 iommu=pt,«off» quiet\n--- etc/pve/qemu-server/100.conf\nhostpci0: 0000:01:00.0\n',
      fixed:
        '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 iommu=pt quiet\n--- etc/pve/qemu-server/100.conf\nhostpci0: 0000:01:00.0\n',
      good: '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 iommu=off quiet\n--- etc/pve/qemu-server/100.conf\nmemory: 4096\n',
    },
  ],
  *check(file, world) {
    for (const line of file.tree.commandLines) {
      const disabler = findDisabler(line.parameters, inventoryOf(world, file)?.cpu?.vendor);
      const item = disabler?.items.find(({ text }) => /^(?:off|soft)/.test(text));
      if (!disabler || !item || disabler.expansions.length > 0 || !wantsPassthrough(world, file)) continue;
      yield {
        span: item.span,
        message: `${disabler.name.text}=${item.text} keeps the IOMMU off, so no device can be passed through. Remove it.`,
        fixes: [fixIn(file, `Remove ${disabler.name.text}=${item.text}`, removeItem(line, disabler, item))],
      };
    }
  },
});
