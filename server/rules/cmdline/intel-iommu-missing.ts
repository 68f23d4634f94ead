import { bootArguments } from '../../facts/bootArguments.ts';
import { commandLinePlace } from '../../facts/commandLinePlace.ts';
import { isOn, wantsIommu } from '../../facts/iommu.ts';
import { wantsPassthrough } from '../../facts/passthroughWanted.ts';
import { isProxmoxKernel, kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { appendWords } from '../../languages/kernelCmdline/quoting.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.5.13-5-pve
command-line: initrd=\\EFI\\proxmox\\6.5.13-5-pve\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs
== cpu: ok
vendor: GenuineIntel
== end
`;

const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 0000:01:00.0\n';

export const intelIommuMissing = commandLineRule({
  id: 'cmdline/intel-iommu-missing',
  severity: 'error',
  docs: {
    what: 'An Intel host with a kernel before 6.8 is not told `intel_iommu=on`.',
    why: 'VT-d is off then: there are no IOMMU groups, and VMs with passed-through devices do not start.',
    source: 'pve-docs, qm-pci-passthrough.adoc, commit 4d318fb',
    since: 'no longer needed with Proxmox kernel 6.8',
  },
  examples: [
    {
      bad: `--- etc/kernel/cmdline\n«root=ZFS=rpool/ROOT/pve-1 boot=zfs»\n${vm}`,
      fixed: `--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on\n${vm}`,
      good: `--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n${vm}`,
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    const release = inventory?.kernel.release;
    if (!inventory || release === undefined || !isProxmoxKernel(release)) return;
    if (kernelAtLeast(release, '6.8') !== false || inventory.cpu?.vendor !== 'GenuineIntel' || isOn(inventory)) return;
    const { source, configured } = bootArguments(world, file);
    if (!configured || source === undefined) return;
    if (
      wantsIommu(
        configured.map(({ parameter }) => parameter),
        inventory,
      ) !== false
    )
      return;
    if (configured.some(({ parameter }) => parameter.id === 'intel_iommu' || parameter.id === 'iommu')) return;
    // Of several files of GRUB the one where it is to be added.
    const place = commandLinePlace(world, source, file);
    if (place?.file !== file || !wantsPassthrough(world, file)) return;
    const edit = appendWords(place.line, ['intel_iommu=on']);
    yield {
      span: place.line.span,
      message: `Kernel ${release} leaves the IOMMU of Intel CPUs off unless it is told intel_iommu=on: no device can be passed through. Add it.`,
      ...(edit ? { fixes: [fixIn(file, 'Add intel_iommu=on', edit)] } : {}),
    };
  },
});
