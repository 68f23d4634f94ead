import { deviceRule, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0200
  driver: igb
  driver-override: igb
0000:02:00.0
  class: 0200
  driver: igb
  driver-override: vfio-pci
== end
`;

export const driverOverrideStale = deviceRule({
  id: 'bind/driver-override-stale',
  severity: 'warning',
  docs: {
    what: 'A device for a VM has a `driver_override` for another driver than vfio-pci, left by driverctl or a script.',
    why: 'The kernel then lets no other driver have the device. Proxmox takes it from its driver at the start of the VM and cannot bind it to vfio-pci: the start fails, and the device is left without a driver.',
    source: 'kernel, drivers/pci/pci-driver.c, pci_match_device; pve-common, PVE/SysFSTools.pm pci_dev_bind_to_vfio',
  },
  examples: [{ bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 02:00.0\n', host }],
  *find({ handover }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const override = fn.driverOverride ?? '';
      if (override === '' || /vfio/.test(override) || fn.driver === 'vfio-pci') continue;
      yield {
        span,
        message: `driver_override of ${named(fn)} says ${override}, so it cannot be bound to vfio-pci, and the start fails. Take it back: driverctl unset-override ${fn.address}.`,
      };
    }
  },
});
