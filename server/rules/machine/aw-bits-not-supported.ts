import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty, setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const awBitsNotSupported = startRule({
  id: 'machine/aw-bits-not-supported',
  severity: 'error',
  since: '9.0.21',
  docs: {
    what: '`aw-bits` is set without `viommu`, or to something else than 39 or 48 for the Intel vIOMMU.',
    why: 'The width belongs to the virtual IOMMU, and the Intel one has two. The VM does not start.',
    source: observed('QemuServer/Machine.pm'),
  },
  examples: [
    { bad: 'machine: q35,aw-bits=«48»\n', fixed: 'machine: q35\n', good: 'machine: q35,viommu=virtio,aw-bits=48\n' },
    {
      bad: 'machine: q35,viommu=intel,aw-bits=«46»\n',
      fixed: 'machine: q35,viommu=intel,aw-bits=48\n',
      good: 'machine: q35,viommu=intel,aw-bits=39\n',
    },
  ],
  needs: ['machine.aw-bits'],
  *find({ settings, file }) {
    const entry = settings.entry('machine');
    const bits = property(entry, 'aw-bits');
    if (!entry || !bits) return;
    const viommu = textOfProperty(entry, 'viommu');
    const span = atProperty(entry, 'aw-bits');
    if (viommu === undefined) {
      const edit = removeProperty(file.tree, entry, 'aw-bits');
      yield {
        span,
        message: `aw-bits needs viommu=intel or viommu=virtio. ${noStart}`,
        fixes: edit ? [fixIn(file, 'Leave out aw-bits', edit)] : [],
      };
    } else if (viommu === 'intel' && Number(bits.value.text) !== 39 && Number(bits.value.text) !== 48) {
      yield {
        span,
        message: `The Intel vIOMMU has 39 or 48 address bits, not ${bits.value.text}. ${noStart}`,
        fixes: ['48', '39'].map(width => fixIn(file, `Use ${width}`, setProperty(entry, 'aw-bits', width))),
      };
    }
  },
});
