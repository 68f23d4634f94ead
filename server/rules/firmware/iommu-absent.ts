import type { Inventory } from '../../../host/inventory.ts';
import { type IommuState, iommuState } from '../../facts/iommu.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atKey, readIn, startRule } from '../startRule.ts';

const host = (units: string): string =>
  `hostpci snapshot 1\n== host: ok\niommu: ${units}\n== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: root=/dev/mapper/pve-root ro quiet\n== boot: ok\nloader: grub\n== cpu: ok\nvendor: GenuineIntel\nhypervisor: no\n== end\n`;

export const iommuAbsent = startRule({
  id: 'firmware/iommu-absent',
  severity: 'error',
  docs: {
    what: 'A VM has a PCI device, and the kernel of the host runs without an IOMMU. Where a kernel parameter or an old kernel is the reason, that is said; else it is switched off in the firmware.',
    why: 'The start ends with "cannot prepare PCI pass-through, IOMMU not present", and no device has a group. Mediated devices need it as well.',
    source: `${readIn('QemuServer/PCI.pm')} prepare_pci_device; pve-common, PVE/SysFSTools.pm check_iommu_support`,
  },
  examples: [{ bad: '«hostpci0»: 01:00.0\n', good: 'cores: 4\n', host: host('none') }],
  needs: ['hostpciN'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    const [first] = settings.family('hostpci');
    if (inventory?.iommus?.length !== 0 || !first) return;
    yield {
      span: atKey(first),
      message: `The host runs without an IOMMU: no VM with a PCI device starts. ${adviceFor(inventory, iommuState(world, file))}`,
    };
  },
});

function adviceFor({ cpu }: Inventory, { by }: IommuState): string {
  if (by?.kind === 'parameter') return `The kernel parameter ${by.text} switches it off: remove it and reboot.`;
  if (by?.kind === 'default') return 'This kernel switches it on only with the parameter intel_iommu=on.';
  if (cpu?.hypervisor) return 'The host is a virtual machine itself: give it a virtual IOMMU.';
  const name =
    cpu?.vendor === 'AuthenticAMD' ? 'AMD-Vi / IOMMU' : cpu?.vendor === 'GenuineIntel' ? 'VT-d' : 'VT-d or IOMMU';
  return `Switch on ${name} in the firmware setup.`;
}
