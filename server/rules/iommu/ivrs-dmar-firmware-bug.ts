import { deviceRule, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  group: none
0000:02:00.0
  class: 0200
  group: 2
== end
`;

export const ivrsDmarFirmwareBug = deviceRule({
  id: 'iommu/ivrs-dmar-firmware-bug',
  severity: 'warning',
  docs: {
    what: 'A passed-through device is in no IOMMU group although other devices of the host are.',
    why: 'The tables of the firmware (DMAR on Intel, IVRS on AMD) leave the device out, or the kernel refused them. Proxmox cannot open the group, and the VM does not start.',
    source:
      'pve-common, PVE/SysFSTools.pm pci_dev_group_bind_to_vfio: "Cannot open iommu_group"; kernel-parameters, ivrs_ioapic',
  },
  examples: [{ bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 02:00.0\n', host }],
  *find({ handover, inventory }) {
    if (handover.kind === 'mediated') return;
    const passed = handover.passed.find(({ fn }) => fn.iommuGroup === null && /^[0-9a-f]{4}:/.test(fn.address));
    if (!passed || !inventory.functions.some(fn => typeof fn.iommuGroup === 'number')) return;
    yield {
      span: passed.span,
      message: `${named(passed.fn)} is in no IOMMU group, while other devices are: the firmware leaves it out. It cannot be passed through; look for a firmware update and for "Firmware Bug" in dmesg.`,
    };
  },
});
