import { isRunning, startsByItself } from '../../facts/guestStart.ts';
import { type MediatedDevice, mediatedDevicesOf, offeredType } from '../../facts/mediated.ts';
import { vmsNaming } from '../../facts/otherGuests.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import type { World } from '../../workspace/world.ts';
import { named } from '../deviceRule.ts';
import { atProperty, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:02.0
  class: 0300
  driver: i915
  mdev: i915-GVTg_V5_4 mdev 1
  mdev: i915-GVTg_V5_8 mdev 2
== end
`;
const site = (first: string, second: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 00:02.0,mdev=${first}\nonboot: 1\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 00:02.0,mdev=${second}\nonboot: 1\n`;

export const noInstances = startRule({
  id: 'mdev/no-instances',
  severity: 'warning',
  docs: {
    what: 'More VMs want a mediated device of a type than the card has room for: this one, those that run and those that start by themselves.',
    why: 'The VM that is started last finds "no available instances" and does not start. A smaller type gives more of them.',
    source: 'qemu-server 9.2.6, PVE/QemuServer/PCI/Mdev.pm pci_create_mdev_device',
  },
  examples: [
    {
      bad: site('«i915-GVTg_V5_4»', '«i915-GVTg_V5_4»'),
      good: site('i915-GVTg_V5_8', 'i915-GVTg_V5_8'),
      host,
    },
  ],
  needs: ['hostpciN.mdev'],
  *find({ file, world }) {
    if (isRunning(world, file)) return;
    for (const device of mediatedDevicesOf(world, file)) {
      const offered = offeredType(device);
      // What NVIDIA's newer interface counts is one virtual function.
      if (offered?.available === undefined || offered.interface !== 'mdev') continue;
      const users = [...vmsNaming(world, file, device.parent.address)].flatMap(vm => usersIn(world, vm, device));
      const running = users.filter(vm => isRunning(world, vm)).length;
      const wanted = users.filter(vm => vm === file || isRunning(world, vm) || startsByItself(world, vm)).length;
      const room = offered.available + running;
      if (wanted <= room) continue;
      yield {
        span: atProperty(device.entry, 'mdev'),
        message: `${named(device.parent)} has room for ${room} of ${offered.id}, and ${wanted} are wanted${wanted > 1 ? ' by VMs that run or start by themselves' : ''}. Take a smaller type.`,
      };
    }
  },
});

/** The VM once for each of its devices of the same type and parent. */
const usersIn = (
  world: World,
  vm: SourceFile<VmConf>,
  { parent, type }: MediatedDevice,
): readonly SourceFile<VmConf>[] =>
  mediatedDevicesOf(world, vm)
    .filter(one => one.parent === parent && one.type.text === type.text)
    .map(() => vm);
