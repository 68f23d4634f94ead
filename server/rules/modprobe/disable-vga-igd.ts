import { functionAt } from '../../../host/inventory.ts';
import type { PciAddress } from '../../../host/pciAddress.ts';
import { vmsWithDevicesIn } from '../../facts/deviceUse.ts';
import { type Parameter, parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName, type ModprobeLine, type ReadLine } from '../../languages/modprobe/tree.ts';
import { isVfioPci } from '../../languages/modprobe/vfioIds.ts';
import { configOf, isFlagOn } from '../../languages/vmConf/config.ts';
import { hostAddresses } from '../../languages/vmConf/machine.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf, sameNode } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 0000:00:02.0,legacy-igd=1\nmachine: pc\nvga: none\n';

export const disableVgaIgd = modprobeRule({
  id: 'modprobe/disable-vga-igd',
  severity: 'error',
  docs: {
    what: '`disable_vga=1` for vfio-pci while a guest gets the Intel graphics in legacy mode.',
    why: 'Legacy mode is made of the VGA regions that this parameter takes away: the screen stays dark.',
    source: 'kernel, drivers/vfio/pci/vfio_pci_core.c; https://github.com/LongQT-sea/intel-igpu-passthru',
  },
  examples: [
    {
      bad: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci «disable_vga=1» disable_idle_d3=1\n${vm}`,
      fixed: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci disable_idle_d3=1\n${vm}`,
      good: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci disable_vga=0\n${vm}`,
    },
  ],
  concerns: node => isVfioPci(node) && takesRegions(node) !== undefined,
  *find(node, file, world) {
    const parameter = takesRegions(node);
    if (!parameter) return;
    const inventory = inventoryOf(world, file);
    const igd = inventory && functionAt(inventory, '0000:00:02.0' as PciAddress);
    if (igd?.vendorId !== undefined && igd.vendorId !== '8086') return;
    for (const other of vmsWithDevicesIn(world, file.place.root)) {
      if (!sameNode(other, file)) continue;
      const entry = configOf(other)
        .next.family('hostpci')
        .find(one => isFlagOn(one, 'legacy-igd') && hostAddresses(one).some(({ slot }) => slot === '0000:00:02'));
      if (!entry) continue;
      yield {
        span: spanIn(node.line, parameter.whole),
        message: `VM ${other.place.vmid ?? ''} gets the Intel graphics in legacy mode, which needs the VGA regions that this takes away. Remove it and run "update-initramfs -u -k all".`,
        related: [{ uri: other.uri, span: tokenSpan(entry.line, entry.value), message: 'Legacy mode.' }],
        fixes: fixesFor(file, node, parameter.whole),
      };
      return;
    }
  },
});

const takesRegions = (node: ReadLine): Parameter | undefined =>
  parametersOf(node).find(
    ({ name, value, hasEquals }) =>
      canonicalName(name.text) === 'disable_vga' && (!hasEquals || /^(?:[1yYtT]|[oO][nN])/.test(value.text)),
  );

/** Not for the only parameter of a line: the line would then be refused. */
function fixesFor(
  file: { readonly uri: string },
  node: ModprobeLine,
  whole: { readonly start: number; readonly end: number },
) {
  if (parametersOf(node).length < 2) return [];
  const { text } = node.line;
  const after = text.slice(whole.end).match(/^\s+(?=\S)/)?.[0].length ?? 0;
  const before = after > 0 ? whole.start : text.slice(0, whole.start).trimEnd().length;
  return [fixIn(file, 'Remove disable_vga', editOf(node, { start: before, end: whole.end + after }, ''))];
}
