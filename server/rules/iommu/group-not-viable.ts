import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { functionAt, isPassiveMember } from '../../../host/inventory.ts';
import { parsePciAddress } from '../../../host/pciAddress.ts';
import { handoversOf, membersOfGroup } from '../../facts/handovers.ts';
import type { Entry } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { listed, named } from '../deviceRule.ts';
import type { Finding } from '../rule.ts';
import { atPart, noStart, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  driver: vfio-pci
  group: 1
0000:01:00.1
  class: 0403
  driver: snd_hda_intel
  group: 1
0000:02:00.0
  class: 0200
  driver: mlx5_vfio_pci
  group: 2
== end
`;

export const groupNotViable = startRule({
  id: 'iommu/group-not-viable',
  severity: 'error',
  docs: {
    what: 'A device is passed through without Proxmox binding its IOMMU group (`driver=keep`, or `-device vfio-pci` in `args`), and another device of the group is on a driver of the host.',
    why: 'QEMU gets a group only when none of its devices is on a driver other than vfio. It says that the group is not viable, and the VM does not start.',
    source: 'kernel, drivers/vfio/group.c; https://github.com/64kramsystem/vga-passthrough/issues/15',
  },
  examples: [
    { bad: 'hostpci0: 01:00.0,«driver=keep»\n', good: 'hostpci0: 02:00.0,driver=keep\n', host },
    { bad: 'args: -device vfio-pci,«host=01:00.0»\n', good: 'hostpci0: 01:00.0\n', host },
  ],
  needs: ['hostpciN', 'args'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const { entry, kind, companions } of handoversOf(world, file)) {
      if (kind !== 'kept') continue;
      const busy = companions.filter(isBusy);
      if (busy.length > 0) yield { span: atPart(entry, 'driver'), message: tell(busy) };
    }
    const args = settings.entry('args');
    if (args) yield* inArgs(args, inventory);
  },
});

function* inArgs(args: Entry, inventory: Inventory): Generator<Finding> {
  for (const found of args.value.text.matchAll(/-device[ \t]+['"]?vfio-pci,[^ \t]*?\bhost=([0-9a-fA-F:.]+)/g)) {
    const address = parsePciAddress(found[1] ?? '');
    const fn = address && functionAt(inventory, address);
    if (!fn || typeof fn.iommuGroup !== 'number') continue;
    const others = membersOfGroup(inventory, fn.iommuGroup).filter(one => one !== fn && !isPassiveMember(one));
    const busy = others.filter(isBusy);
    const end = args.value.start + found.index + found[0].length;
    const text = `host=${found[1]}`;
    const span = tokenSpan(args.line, { text, start: end - text.length, end });
    if (busy.length > 0) yield { span, message: tell(busy) };
  }
}

const isBusy = ({ driver }: PciFunction): boolean =>
  typeof driver === 'string' && !/vfio|^pci[-_]stub$|^pcieport$/.test(driver);

const tell = (busy: readonly PciFunction[]): string =>
  `In the same IOMMU group ${listed(busy.slice(0, 3).map(fn => `${named(fn)} is on ${fn.driver}`))}, and Proxmox does not bind it here. QEMU refuses such a group. ${noStart}`;
