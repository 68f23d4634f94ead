import { functionAt } from '../../../host/inventory.ts';
import { choicesOf } from '../../facts/passedDevices.ts';
import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { atPart, readIn, startRule } from '../startRule.ts';

const host =
  'hostpci snapshot 1\n== pci functions: ok\n0000:01:00.0\n  driver: nouveau\n0000:02:00.0\n  driver: mlx5_vfio_pci\n== end\n';

export const driverKey = startRule({
  id: 'hostpci/driver-key',
  severity: 'warning',
  since: '9.0.25',
  docs: {
    what: '`driver=keep` on a device whose driver is no vfio driver now, or together with `mdev=`.',
    why: 'Proxmox then neither binds the device to vfio-pci nor resets it, and makes no mediated device: what is there must fit already, or the VM does not start.',
    source: readIn('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00.0,«driver=keep»\n',
      fixed: 'hostpci0: 01:00.0\n',
      good: 'hostpci0: 02:00.0,driver=keep\n',
      host,
    },
    {
      bad: 'hostpci0: 01:00.0,«driver=keep»,mdev=nvidia-63\n',
      fixed: 'hostpci0: 01:00.0,mdev=nvidia-63\n',
      good: 'hostpci0: 01:00.0,mdev=nvidia-63\n',
    },
  ],
  needs: ['hostpciN.driver'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    for (const entry of settings.family('hostpci')) {
      const edit = removeProperty(file.tree, entry, 'driver');
      if (!edit || textOfProperty(entry, 'driver') !== 'keep') continue;
      const address = choicesOf(world, file, entry)?.[0]?.functions?.[0];
      const driver = inventory && address && functionAt(inventory, address)?.driver;
      const isFit = driver === undefined || driver?.replaceAll('-', '_').endsWith('vfio_pci');
      const isMdev = property(entry, 'mdev') !== undefined;
      if (!isMdev && isFit) continue;
      yield {
        span: atPart(entry, 'driver'),
        message: isMdev
          ? 'With driver=keep Proxmox makes no mediated device: it must be there before the start.'
          : `driver=keep leaves the device with ${driver ?? 'no driver'}, and QEMU needs a vfio driver.`,
        fixes: [fixIn(file, 'Leave out driver', edit)],
      };
    }
  },
});
