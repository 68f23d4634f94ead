import { mediatedDevicesOf } from '../../facts/mediated.ts';
import { property } from '../../languages/vmConf/config.ts';
import { named } from '../deviceRule.ts';
import { releaseFixes } from '../releaseFix.ts';
import { atProperty, noStart, startRule } from '../startRule.ts';

const host = (driver: string): string => `hostpci snapshot 1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 3e92
  driver: ${driver}
0000:01:00.0
  class: 0300
  driver: nvidia
== end
`;

export const parentOnVfio = startRule({
  id: 'mdev/parent-on-vfio',
  severity: 'error',
  docs: {
    what: 'A mediated device is asked of a card that is bound to vfio-pci.',
    why: "Mediated devices are made by the card's own driver. On vfio-pci, a leftover of passing it through whole as a rule, it offers none, and the VM does not start.",
    source: 'qemu-server 9.2.6, PVE/QemuServer/PCI/Mdev.pm pci_create_mdev_device; pve-docs, qm-pci-passthrough.adoc',
  },
  examples: [
    {
      bad: 'hostpci0: «00:02.0»,mdev=i915-GVTg_V5_4\n',
      good: 'hostpci0: 01:00.0,mdev=nvidia-63\n',
      host: host('vfio-pci'),
    },
  ],
  needs: ['hostpciN.mdev'],
  *find({ file, world }) {
    for (const { entry, parent } of mediatedDevicesOf(world, file)) {
      if (parent.driver !== 'vfio-pci') continue;
      yield {
        span: atProperty(entry, property(entry, 'mapping') ? 'mapping' : 'host'),
        fixes: releaseFixes(world, file, parent),
        message: `${named(parent)} is bound to vfio-pci, and mediated devices need its own driver. ${noStart} Take its id out of "options vfio-pci ids=", its driver off the blacklist, and run "update-initramfs -u -k all".`,
      };
    }
  },
});
