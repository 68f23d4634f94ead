import { isRunning } from '../../facts/guestStart.ts';
import { hidesTypes, mediatedDevicesOf, offeredType } from '../../facts/mediated.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { nearest } from '../../text/nearest.ts';
import { listed, named } from '../deviceRule.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 3e92
  driver: i915
  mdev: i915-GVTg_V5_4 mdev 1
  mdev: i915-GVTg_V5_8 mdev 2
== end
`;

export const unknownType = startRule({
  id: 'mdev/unknown-type',
  severity: 'error',
  docs: {
    what: 'A `hostpci` entry asks for a mediated device type that its parent does not offer. With NVIDIA it is a warning: types of another size hide while a vGPU is on the card.',
    why: 'The device cannot be made, and the VM does not start. A driver update may have renumbered the types.',
    source: 'qemu-server 9.2.6, PVE/QemuServer/PCI/Mdev.pm pci_create_mdev_device, create_nvidia_device',
  },
  examples: [
    {
      bad: 'hostpci0: 00:02.0,mdev=«i915-GVTg_V4_4»\n',
      fixed: 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4\n',
      good: 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4\n',
      host,
    },
  ],
  needs: ['hostpciN.mdev'],
  *find({ file, world }) {
    if (isRunning(world, file)) return;
    for (const device of mediatedDevicesOf(world, file)) {
      const { entry, type, parent } = device;
      const ids = parent.mdevTypes?.map(({ id }) => id) ?? [];
      // Without any types the reason is another one: a driver that is missing or has none.
      if (ids.length === 0 || offeredType(device)) continue;
      const meant = nearest(type.text, ids, 2);
      const offers = `${named(parent)} offers ${listed(ids.slice(0, 4))}${ids.length > 4 ? ' …' : ''}`;
      yield {
        span: atProperty(entry, 'mdev'),
        severity: hidesTypes(parent) ? 'warning' : 'error',
        message: hidesTypes(parent)
          ? `${offers} now, and not ${type.text}. If no vGPU of another size hides it, the VM will not start.`
          : `${offers}, and not ${type.text}. ${noStart}`,
        fixes: meant ? [fixIn(file, `Use ${meant}`, setProperty(entry, 'mdev', meant))] : [],
      };
    }
  },
});
