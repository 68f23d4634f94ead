import { isProxmoxKernel } from '../../languages/kernelCmdline/kernelRelease.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters } from '../commandLineRule.ts';

export const acsOverrideInUse = commandLineRule({
  id: 'cmdline/acs-override-in-use',
  severity: 'warning',
  docs: {
    what: 'IOMMU groups are split by `pcie_acs_override`.',
    why: 'The kernel is made to believe that devices are isolated although the hardware does not say so. Devices of such groups may write into each other and into the memory of other guests or the host, past the IOMMU.',
    source: 'Proxmox kernel patch "allow pcie_acs_override"; no other kernel has it',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs «pcie_acs_override=downstream,multifunction»\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
    },
  ],
  *check(file, world) {
    const release = inventoryOf(world, file)?.kernel.release;
    const isForeign = release !== undefined && !isProxmoxKernel(release);
    for (const { parameter } of literalParameters(file)) {
      if (parameter.id !== 'pcie_acs_override') continue;
      yield isForeign
        ? {
            span: parameter.whole.span,
            severity: 'info',
            message: `Only Proxmox kernels know pcie_acs_override; ${release} ignores it.`,
            tag: 'unnecessary',
          }
        : {
            span: parameter.whole.span,
            message:
              'This splits IOMMU groups on paper only: devices in them can still reach each other and the memory of guests. Try another slot, a firmware or kernel update first; else limit it to the ports that need it (id:vendor:device).',
          };
    }
  },
});
