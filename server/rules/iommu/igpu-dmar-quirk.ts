import { isIntelGraphics, isSkylakeToCometLake } from '../../facts/intelGraphics.ts';
import { deviceRule } from '../deviceRule.ts';

const host = (kernel: string): string =>
  `hostpci snapshot 1\n== kernel: ok\nrelease: ${kernel}\n== pci functions: ok\n0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n== end\n`;

export const igpuDmarQuirk = deviceRule({
  id: 'iommu/igpu-dmar-quirk',
  severity: 'info',
  docs: {
    what: 'Intel graphics of the generations Skylake to Comet Lake are passed through on the Proxmox kernel 6.11.0-1.',
    why: "This kernel carried a change of Ubuntu's that takes these graphics out of DMA remapping, and the guest hangs. It was taken back in 6.11.0-2.",
    source: 'proxmox-kernel changelog, 6.11.0-2',
  },
  examples: [
    { bad: 'hostpci0: «00:02.0»\n', good: 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4\n', host: host('6.11.0-1-pve') },
  ],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole' || inventory.kernel.release !== '6.11.0-1-pve') return;
    const passed = handover.passed.find(({ fn }) => isIntelGraphics(fn) && isSkylakeToCometLake(fn));
    if (!passed) return;
    yield {
      span: passed.span,
      message:
        'Kernel 6.11.0-1 takes these graphics out of DMA remapping, and passing them through hangs. Update the kernel: 6.11.0-2 does not.',
    };
  },
});
