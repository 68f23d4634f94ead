import type { PciFunction } from '../../../host/inventory.ts';
import { containersUsing } from '../../facts/deviceUse.ts';
import { othersOfId } from '../../facts/sameId.ts';
import { isReservedForVfio } from '../../facts/vfioReserved.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { deviceRule, type Given, named } from '../deviceRule.ts';
import { reserveFixes } from '../reserveFix.ts';

const host = (driver: string): string => `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 2584
  driver: ${driver}
0000:03:00.0
  class: 0200
  vendor: 8086
  device: 1539
  driver: igb
0000:00:02.1
  class: 0300
  vendor: 8086
  device: 4680
  driver: i915
  pf: 0000:00:02.0
== end
`;
const vm = (host: string): string => `--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: ${host}\n`;

export const hostDriverAtBoot = deviceRule({
  id: 'bind/host-driver-at-boot',
  severity: 'warning',
  docs: {
    what: 'A graphics card for a VM is on the graphics driver of the host, and no file keeps it from that. Network cards and disk controllers, which can be rebound, are not meant, nor virtual functions, nor are cards that a hookscript may look after.',
    why: 'Proxmox takes the driver away when the VM starts. Graphics drivers survive that badly: the start hangs, or the card does not work in the guest until the host is rebooted.',
    source: 'pve-docs, qm-pci-passthrough.adoc; https://github.com/bryansteiner/gpu-passthrough-tutorial/issues/39',
  },
  examples: [
    {
      bad: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=8086:1539 disable_vga=1\n${vm('«01:00.0»')}`,
      fixed: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=8086:1539,10de:2584 disable_vga=1\nsoftdep nouveau pre: vfio-pci\n${vm('01:00.0')}`,
      good: vm('03:00.0'),
      host: host('nouveau'),
    },
    {
      bad: vm('«01:00.0»'),
      good: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:2584\n${vm('01:00.0')}`,
      host: host('nouveau'),
    },
    { bad: vm('«0000:01:00.0»'), good: vm('03:00.0'), host: host('nvidia') },
    { bad: vm('«0000:01:00.0»'), good: vm('0000:00:02.1'), host: host('nouveau') },
  ],
  *find(given) {
    const { handover, settings, file, world } = given;
    const inventory = inventoryOf(world, file);
    if (handover.kind !== 'whole' || settings.entry('hookscript')) return;
    for (const { fn, span } of handover.passed) {
      if (!isOnGraphicsDriver(fn) || isReservedForVfio(world, file, fn)) continue;
      if (isUsedByContainer(given, fn) || sharesItsId(fn)) continue;
      const isShared = inventory !== undefined && othersOfId(world, file, inventory, fn).length > 0;
      const how = isShared
        ? `its id is not its own, so bind it by address: "driverctl set-override ${fn.address} vfio-pci".`
        : `its id in "options vfio-pci ids=", and "softdep ${fn.driver} pre: vfio-pci".`;
      yield {
        span,
        fixes: isShared ? [] : reserveFixes(world, file, fn),
        message: `${named(fn)} is on the host's driver ${fn.driver}, which has to let go of it when the VM starts; that often hangs. Reserve it: ${how}`,
      };
    }
  },
});

const isOnGraphicsDriver = (fn: PciFunction): boolean =>
  fn.classId?.startsWith('03') === true && /^(?:nvidia|nouveau|amdgpu|radeon|i915|xe)$/.test(fn.driver ?? '');

/** Sharing a card in turn is a choice, and lxc/vm-takes-shared-gpu speaks of it. */
const isUsedByContainer = ({ world, file }: Given, fn: PciFunction): boolean =>
  containersUsing(world, file, fn.address).length > 0;

/** A virtual function has the id of its card, which then would lose its driver: it changes its own when the VM starts. */
const sharesItsId = (fn: PciFunction): boolean => fn.physicalFunction !== undefined || (fn.vfCount ?? 0) > 0;
