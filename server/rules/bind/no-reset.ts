import { hasVendorReset, isKnownToVendorReset, staysStuck } from '../../facts/resetTrouble.ts';
import { deviceRule, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:03:00.0
  class: 0300
  vendor: 1002
  device: 731f
  reset: yes
  reset-methods: bus
0000:04:00.0
  class: 0300
  vendor: 10de
  device: 2584
  reset: yes
  reset-methods: bus
== end
`;

export const noReset = deviceRule({
  id: 'bind/no-reset',
  severity: 'warning',
  docs: {
    what: 'A graphics device for a VM cannot be reset: the kernel offers no reset, or only a bus reset for one of the AMD chips that are known not to come back from it (Vega, Navi 1x, many integrated ones).',
    why: 'The VM works once. After a shutdown, and all the more after a hard stop, the next start shows a black screen, Code 43 or "unknown PCI header type 127" until the host is rebooted.',
    source:
      'https://github.com/gnif/vendor-reset (device list, issues 80, 82, 99); https://github.com/isc30/ryzen-gpu-passthrough-proxmox/issues/33',
  },
  examples: [{ bad: 'hostpci0: «03:00.0»\n', good: 'hostpci0: 04:00.0\n', host }],
  *find({ handover, settings, inventory }) {
    if (handover.kind !== 'whole' || hasVendorReset(inventory) || settings.entry('hookscript')) return;
    for (const { fn, span } of handover.passed) {
      if (!fn.classId?.startsWith('03')) continue;
      const lacks = fn.resettable === false;
      const isWeak = staysStuck(fn) && fn.resetMethods?.every(method => method === 'bus' || method === 'pm');
      if (!lacks && !isWeak) continue;
      const how = isKnownToVendorReset(fn) ? ' The vendor-reset module can reset it.' : '';
      yield {
        span,
        message: `${named(fn)} ${lacks ? 'has no reset' : 'does not come back from the resets it has'}: the VM may start once, and then not again until the host reboots.${how} Shut the guest down, never stop it hard.`,
      };
    }
  },
});
