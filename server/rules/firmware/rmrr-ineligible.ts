import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { noStart } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:07:00.0
  class: 0200
  group: 24
0000:08:00.0
  class: 0200
  group: 25
== direct regions: ok
24
== end
`;

export const rmrrIneligible = deviceRule({
  id: 'firmware/rmrr-ineligible',
  severity: 'error',
  docs: {
    what: 'The firmware reserves memory (RMRR) for a device that a VM gets. Graphics and USB controllers, which are excepted, are not meant.',
    why: 'The firmware and the device may write there at any time, so the kernel does not hand it over: "ineligible for IOMMU domain attach". HP Gen8 and Gen9 servers are known for it.',
    source:
      'kernel, drivers/iommu/intel/iommu.c device_rmrr_is_relaxable; Proxmox kernel patch relax_rmrr; https://github.com/kiler129/relax-intel-rmrr/issues/16',
  },
  examples: [{ bad: 'hostpci0: «07:00.0»\n', good: 'hostpci0: 08:00.0\n', host }],
  *find({ handover, inventory }) {
    if (handover.kind === 'mediated') return;
    const passed = handover.passed.find(({ fn }) => !isExcepted(fn) && isReserved(inventory, fn));
    if (!passed) return;
    const isAmd = inventory.cpu?.vendor === 'AuthenticAMD';
    const last = isAmd ? '' : '; else intel_iommu=on,relax_rmrr, at the risk of damaged memory';
    yield {
      span: passed.span,
      message: `The firmware keeps memory reserved for ${named(passed.fn)}, so the kernel refuses to hand it over. ${noStart} Use the maker's tool for that (HP: conrep)${last}.`,
    };
  },
});

const isExcepted = (fn: PciFunction): boolean => /^(?:03|0c03)/.test(fn.classId ?? '');

/** By the reserved regions of its group, or by what the kernel said when it refused. */
const isReserved = (inventory: Inventory, fn: PciFunction): boolean =>
  (typeof fn.iommuGroup === 'number' && inventory.groupsWithDirectRegions?.includes(fn.iommuGroup) === true) ||
  inventory.kernelMessages?.some(
    text =>
      text.includes(fn.address) &&
      /ineligible for IOMMU domain attach|rejecting configuring the device without a 1:1/.test(text),
  ) === true;
