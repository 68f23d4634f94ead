import { hasVendorReset, isKnownToVendorReset } from '../../facts/resetTrouble.ts';
import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { deviceRule, named } from '../deviceRule.ts';

const host = (methods: string): string => `hostpci snapshot 1
== kernel: ok
release: 6.8.12-9-pve
== pci functions: ok
0000:03:00.0
  class: 0300
  vendor: 1002
  device: 731f
  reset: yes
  reset-methods: ${methods}
== loaded modules: ok
vendor_reset
== end
`;

export const vendorResetNotConfigured = deviceRule({
  id: 'bind/vendor-reset-not-configured',
  severity: 'warning',
  docs: {
    what: 'The vendor-reset module is loaded, and the graphics card that it is there for still uses another reset.',
    why: 'Since kernel 5.15 the reset of such a module is used only where `reset_method` says `device_specific`. A udev rule has to set it at each boot; without it the module does nothing.',
    source:
      'https://github.com/gnif/vendor-reset/issues/80 and 82; kernel, Documentation/ABI/testing/sysfs-bus-pci reset_method',
  },
  examples: [{ bad: 'hostpci0: «03:00.0»\n', good: 'hostpci0: 03:00.0,driver=keep\n', host: host('bus') }],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole' || !hasVendorReset(inventory)) return;
    if (!kernelAtLeast(inventory.kernel.release, '5.15')) return;
    for (const { fn, span } of handover.passed) {
      const methods = fn.resetMethods;
      if (!isKnownToVendorReset(fn) || !methods || methods[0] === 'device_specific') continue;
      yield {
        span,
        message: `vendor-reset is loaded but not used for ${named(fn)}: its reset_method is "${methods.join(' ')}". Add a udev rule that writes device_specific to it.`,
      };
    }
  },
});
