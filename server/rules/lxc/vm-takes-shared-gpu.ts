import { deviceLabel, functionAt } from '../../../host/inventory.ts';
import { claimsOn } from '../../facts/deviceUse.ts';
import { mainSection } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { nodeUses } from '../../languages/ctConf/devices.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import type { Claim } from '../../languages/language.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf, type World } from '../../workspace/world.ts';
import type { Rule } from '../rule.ts';

export const vmTakesSharedGpu: Rule<CtConf> = {
  id: 'lxc/vm-takes-shared-gpu',
  severity: 'warning',
  language: ctConf,
  docs: {
    what: 'A container uses a device node of a card that a VM gets whole by `hostpciN`. Mediated devices and virtual functions, which leave the card to the host, are not meant.',
    why: "When the VM starts, the card leaves the host's driver and the node is gone: the container loses its graphics, or the start of the VM hangs while the container has it open.",
    source:
      'qemu-server, PVE/QemuServer/PCI.pm: a device is bound to vfio-pci when the VM starts; https://github.com/isc30/ryzen-gpu-passthrough-proxmox/issues/84',
  },
  examples: [
    {
      bad: '--- etc/pve/nodes/pve1/lxc/200.conf\ndev0: «/dev/dri/renderD129»\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 0000:01:00,pcie=1\n',
      good: '--- etc/pve/nodes/pve1/lxc/200.conf\ndev0: /dev/dri/renderD128\n--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 0000:01:00,pcie=1\n',
      host: true,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory?.deviceNodes) return;
    for (const { entry, path } of nodeUses(file.tree, mainSection(file.tree))) {
      const address = inventory.deviceNodes.find(node => node.path === path.text)?.address;
      const claims = address ? claimsOn(world, file, address).filter(claim => takesAll(world, claim)) : [];
      const [first] = claims;
      const fn = address && functionAt(inventory, address);
      if (!first || !fn) continue;
      yield {
        span: tokenSpan(entry.line, path),
        message: `${path.text} belongs to ${deviceLabel(fn)}, which ${first.label} takes when it starts: only one of them can have it at a time.`,
        related: claims.map(({ uri, span, label }) => ({ uri, span, message: `${label} takes it here.` })),
      };
    }
  },
};

/** A claim of a VM on the function itself, not on a mediated device that is made of it. */
function takesAll(world: World, { by, uri, span }: Claim): boolean {
  return by === 'vm' && !/[,=: ]mdev=/.test(world.files.get(uri)?.lines[span.line] ?? '');
}
