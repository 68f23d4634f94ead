import { amdIommuNoops } from '../../languages/kernelCmdline/parameters.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeItem } from '../commandLineRule.ts';
import { safeFixIn } from '../edits.ts';

export const amdIommuOnNoop = commandLineRule({
  id: 'cmdline/amd-iommu-on-noop',
  severity: 'hint',
  docs: {
    what: '`amd_iommu=on` is no option of the kernel.',
    why: 'Nothing: the AMD IOMMU is on by default. Newer kernels log an unknown option.',
    source: 'kernel, drivers/iommu/amd/init.c, parse_amd_iommu_options; pve-docs commit 0c54d61',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs amd_iommu=«on» iommu=pt\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs amd_iommu=force_isolation\n',
    },
  ],
  *check(file, world) {
    if (inventoryOf(world, file)?.cpu?.vendor === 'GenuineIntel') return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'amd_iommu') continue;
      for (const item of parameter.items) {
        if (!amdIommuNoops.has(item.text)) continue;
        yield {
          span: item.span,
          message: `amd_iommu=${item.text} does nothing: the AMD IOMMU is on by default, and "${item.text}" is none of its options.`,
          tag: 'unnecessary',
          fixes: [safeFixIn(file, `Remove amd_iommu=${item.text}`, removeItem(line, parameter, item))],
        };
      }
    }
  },
});
