import { claimsOn } from '../../facts/deviceUse.ts';
import { claimedBy } from '../../languages/modprobe/hostModules.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { modules } from '../../languages/modules/modules.ts';
import { listed, type ModuleList } from '../../languages/modules/tree.ts';
import { deleteLine, insertLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 2584
  modules: nvidiafb nouveau
== end
`;
const vm = '--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 0000:01:00\n';

export const vfioOrder: Rule<ModuleList> = {
  id: 'modules/vfio-order',
  severity: 'warning',
  language: modules,
  docs: {
    what: 'The driver of a device that a guest gets stands above vfio_pci in a list of modules.',
    why: 'Modules of a list are loaded in its order, so the driver takes the device before vfio-pci is there.',
    source: 'systemd, modules-load.c; initramfs-tools; Proxmox VE documentation, PCI(e) passthrough',
  },
  examples: [
    {
      bad: `--- etc/modules\n«nouveau»\nvfio\nvfio_pci\n${vm}`,
      fixed: `--- etc/modules\nvfio\nvfio_pci\nnouveau\n${vm}`,
      good: `--- etc/modules\nvfio\nvfio_pci\nnouveau\n${vm}`,
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    const all = listed(file.tree);
    const vfio = all.find(({ node }) => canonicalName(node.name.text) === 'vfio_pci');
    if (!inventory || !vfio) return;
    for (const { node, line } of all) {
      if (line >= vfio.line) break;
      const device = claimedBy(inventory, canonicalName(node.name.text)).find(fn =>
        claimsOn(world, file, fn.address).some(claim => claim.by === 'vm' && !usesPart(fn)),
      );
      if (!device) continue;
      const moved = insertLine(file.lines, vfio.line + 1, file.lines[line] ?? '');
      yield {
        span: tokenSpan(line, node.name),
        message: `${node.name.text} is loaded before vfio_pci, and takes ${device.address}, which a guest gets.`,
        fixes: [fixIn(file, 'Move it below vfio_pci', deleteLine(file.lines, line), moved)],
      };
    }
  },
};

/** Guests get mediated devices or virtual functions of it, for which its driver has to stay. */
const usesPart = (fn: {
  readonly mdevTypes?: readonly unknown[] | undefined;
  readonly vfCount?: number | undefined;
}): boolean => (fn.mdevTypes?.length ?? 0) > 0 || (fn.vfCount ?? 0) > 0;
