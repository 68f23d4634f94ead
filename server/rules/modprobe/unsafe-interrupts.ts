import { interruptRemapping } from '../../facts/interruptRemapping.ts';
import { parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule, removeLine } from '../modprobeRule.ts';

const host = 'hostpci snapshot 1\n== kernel messages: ok\n  | DMAR-IR: Enabled IRQ remapping in x2apic mode\n== end\n';

export const unsafeInterrupts = modprobeRule({
  id: 'modprobe/unsafe-interrupts',
  severity: 'warning',
  docs: {
    what: '`allow_unsafe_interrupts=1` on a host whose kernel says that interrupt remapping works.',
    why: 'It is meant for old machines without interrupt remapping. Where remapping works it gains nothing, and leaves a way for guests to send interrupts to the host if remapping is ever off.',
    source: 'Proxmox VE documentation, PCI(e) passthrough; kernel, drivers/vfio/vfio_iommu_type1.c',
  },
  examples: [
    {
      bad: 'options vfio_iommu_type1 «allow_unsafe_interrupts=1»\n',
      fixed: '',
      good: 'options vfio_iommu_type1 dma_entry_limit=131072\n',
      host,
    },
  ],
  concerns: ({ kind, module }) => kind === 'options' && module === 'vfio_iommu_type1',
  *find(node, file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory || !interruptRemapping(inventory).works) return;
    const parameters = parametersOf(node);
    const found = parameters.find(
      ({ name, value, hasEquals }) =>
        canonicalName(name.text) === 'allow_unsafe_interrupts' &&
        (!hasEquals || /^(?:[1yYtT]|[oO][nN])/.test(value.text)),
    );
    if (!found) return;
    const before = node.line.text.slice(0, found.whole.start).trimEnd().length;
    const edit =
      parameters.length > 1
        ? editOf(node, { start: before, end: found.whole.end }, '')
        : removeLine(file.lines, node.line);
    yield {
      span: spanIn(node.line, found.whole),
      message:
        'Interrupt remapping works on this host, so this only opens a hole. Remove it and run "update-initramfs -u -k all".',
      fixes: [fixIn(file, 'Remove allow_unsafe_interrupts', edit)],
    };
  },
});
