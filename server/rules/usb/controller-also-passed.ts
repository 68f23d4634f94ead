import { vmLabel } from '../../facts/deviceUse.ts';
import { functionOfInterface } from '../../facts/interfaces.ts';
import { firstUse, usesOf } from '../../facts/otherGuests.ts';
import { textOfProperty } from '../../languages/vmConf/config.ts';
import { deleteLine } from '../../text/edit.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { named } from '../deviceRule.ts';
import { fixIn } from '../edits.ts';
import { atProperty, atValue, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:14.0
  class: 0c03
  driver: xhci_hcd
  interfaces: usb1 usb2
0000:06:00.0
  class: 0c03
  driver: xhci_hcd
  interfaces: usb3 usb4
== end
`;

export const controllerAlsoPassed = startRule({
  id: 'usb/controller-also-passed',
  severity: 'warning',
  docs: {
    what: 'A `usb` entry names a port of a USB controller that a VM of this host gets whole.',
    why: 'When that VM starts, the controller leaves the host with everything that is plugged in. Proxmox does not find the USB device any more.',
    source: 'kernel: a USB bus hangs on its controller; the buses that the host reports',
  },
  examples: [
    {
      bad: 'hostpci0: 06:00.0\nusb0: host=«3-2.1»\n',
      fixed: 'hostpci0: 06:00.0\n',
      good: 'hostpci0: 06:00.0\nusb0: host=1-4\n',
      host,
    },
  ],
  needs: ['usbN.host'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const entry of settings.family('usb')) {
      const bus = /^([0-9]+)-[0-9.]+$/.exec(textOfProperty(entry, 'host') ?? '')?.[1];
      const controller = bus === undefined ? undefined : functionOfInterface(inventory, `usb${bus}`);
      const use =
        controller && firstUse(usesOf(world, file, controller.address), ({ handover }) => handover.kind !== 'mediated');
      if (!controller || !use) continue;
      yield {
        span: atProperty(entry, 'host'),
        message: `This port belongs to ${named(controller)}, which ${use.file === file ? 'this VM gets whole' : `${vmLabel(use.file)} gets whole`} (${use.handover.entry.key}): the USB device goes with it. Drop one of the two.`,
        fixes: [fixIn(file, `Remove ${entry.key}`, deleteLine(file.lines, entry.line))],
        related: [
          { uri: use.file.uri, span: atValue(use.handover.entry), message: 'The controller is passed through here.' },
        ],
      };
    }
  },
});
