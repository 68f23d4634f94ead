import { lossesOf } from '../../facts/groupFaults.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { readIn } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:14.0
  class: 0c03
0000:06:00.0
  class: 0c03
== host needs: ok
0000:00:14.0
  kind: usb-input
  detail: Logitech USB Keyboard
== end
`;

export const usbControllerOfKeyboard = deviceRule({
  id: 'bind/usb-controller-of-keyboard',
  severity: 'warning',
  docs: {
    what: "A VM gets the USB controller on which the host's keyboard hangs.",
    why: 'Everything that is plugged into the controller goes to the guest with it. At the console nobody can type any more, not even to stop the VM.',
    source: `${readIn('QemuServer/PCI.pm')} prepare_pci_device; input devices that the host reports`,
  },
  examples: [{ bad: 'hostpci0: «00:14.0»\n', good: 'hostpci0: 06:00.0\n', host }],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const loss = lossesOf(inventory, [fn]).find(({ need }) => need.kind === 'usb-input');
      if (!loss) continue;
      yield {
        span,
        message: `${named(fn)} carries ${loss.need.detail} of the host, which goes to the guest with it. Pass the devices one by one (usb0: host=…), or have SSH ready.`,
      };
    }
  },
});
