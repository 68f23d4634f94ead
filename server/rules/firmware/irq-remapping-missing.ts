import { handoversOf } from '../../facts/handovers.ts';
import { interruptRemapping } from '../../facts/interruptRemapping.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atKey, startRule } from '../startRule.ts';

const host = (message: string): string =>
  `hostpci snapshot 1\n== host: ok\niommu: dmar0\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n== kernel messages: ok\n  | ${message}\n== end\n`;

export const irqRemappingMissing = startRule({
  id: 'firmware/irq-remapping-missing',
  severity: 'warning',
  docs: {
    what: 'The kernel of the host said that interrupts cannot be remapped, and a VM has a PCI device. Silent where vfio_iommu_type1 is told to go on without.',
    why: 'A guest could send interrupts to the host through the device, so vfio refuses: the start fails with "Operation not permitted".',
    source:
      'kernel, drivers/vfio/vfio_iommu_type1.c, drivers/iommu/intel/irq_remapping.c; pve-docs, qm-pci-passthrough.adoc',
  },
  examples: [
    {
      bad: '«hostpci0»: 01:00.0\n',
      good: 'cores: 4\n',
      host: host('DMAR-IR: Failed to enable irq remapping. You are vulnerable to irq-injection attacks.'),
    },
  ],
  needs: ['hostpciN'],
  *find({ file, world }) {
    const inventory = inventoryOf(world, file);
    const first = handoversOf(world, file).find(({ kind }) => kind !== 'mediated');
    if (!inventory || !first || interruptRemapping(inventory).works !== false) return;
    if (inventory.moduleParameters.get('vfio_iommu_type1')?.get('allow_unsafe_interrupts') === 'Y') return;
    yield {
      span: atKey(first.entry),
      message:
        'The host cannot remap interrupts, so vfio refuses to hand devices over. Look for a firmware update first; only as a last resort set options vfio_iommu_type1 allow_unsafe_interrupts=1.',
    };
  },
});
