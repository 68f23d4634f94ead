import { tokenSpan } from '../../text/span.ts';
import { readIn, startRule } from '../startRule.ts';

export const rawVfioDevice = startRule({
  id: 'args/raw-vfio-device',
  severity: 'warning',
  docs: {
    what: '`args:` passes a PCI device through itself (`-device vfio-pci,host=…` or `sysfsdev=`).',
    why: 'Proxmox does not see the device then: nothing binds it to vfio-pci, resets it, reserves it against other VMs or keeps the VM from migrating.',
    source: readIn('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'args: «-device vfio-pci,host=01:00.0»\n',
      good: 'args: -set device.hostpci0.x-igd-lpc=on\nhostpci0: 01:00.0\n',
    },
  ],
  *find({ settings }) {
    const entry = settings.entry('args');
    if (!entry) return;
    for (const found of entry.value.text.matchAll(/-device[ \t]+['"]?vfio-pci(?:-nohotplug)?,[^ \t]+/g)) {
      if (!/[,'"](?:host|sysfsdev)=/.test(found[0])) continue;
      const start = entry.value.start + found.index;
      yield {
        span: tokenSpan(entry.line, { text: found[0], start, end: start + found[0].length }),
        message:
          'Proxmox does not see a device that args pass through: no binding, reset or reservation. Use a hostpci line.',
      };
    }
  },
});
