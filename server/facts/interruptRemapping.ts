import type { Inventory } from '../../host/inventory.ts';

/** What the kernel said of interrupt remapping. */
export interface InterruptRemapping {
  /** `undefined` where it said nothing, or its messages are not known. */
  readonly works: boolean | undefined;
  /** The message that says so. */
  readonly message: string | undefined;
}

// That it "doesn't support X2APIC mode" is said of remapping that works, in xAPIC mode.
const missing = /No interrupt remapping support|Failed to enable irq remapping|interrupt remapping is being disabled/i;
const enabled = /Enabled IRQ remapping|AMD-Vi: .*interrupt remapping enabled/i;

/**
 * Whether interrupts of devices are remapped; without that vfio hands no device over.
 * Source: kernel, drivers/iommu/intel/irq_remapping.c and drivers/iommu/amd/init.c.
 */
export function interruptRemapping({ kernelMessages }: Inventory): InterruptRemapping {
  const bad = kernelMessages?.find(text => missing.test(text));
  if (bad !== undefined) return { works: false, message: bad };
  const good = kernelMessages?.find(text => enabled.test(text));
  return { works: good === undefined ? undefined : true, message: good };
}
