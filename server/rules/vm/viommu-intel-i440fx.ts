import { textOfProperty } from '../../languages/vmConf/config.ts';
import { removeProperty, setProperty } from '../../languages/vmConf/edits.ts';
import { machineOf } from '../../languages/vmConf/machine.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const viommuIntelI440fx = startRule({
  id: 'vm/viommu-intel-i440fx',
  severity: 'error',
  since: '8.1.2',
  docs: {
    what: '`viommu=intel` on a machine type other than q35.',
    why: 'Only q35 can have the Intel vIOMMU; the virtio one works on both. The VM does not start.',
    source: observed('QemuServer/Machine.pm'),
  },
  examples: [
    {
      bad: 'machine: pc,viommu=«intel»\n',
      fixed: 'machine: q35,viommu=intel\n',
      good: 'machine: q35,viommu=intel\n',
    },
    { bad: 'machine: viommu=«intel»\n', fixed: 'machine: q35,viommu=intel\n', good: 'machine: viommu=virtio\n' },
  ],
  needs: ['machine.viommu'],
  *find({ settings, file }) {
    const machine = machineOf(settings);
    const { entry } = machine;
    if (!entry || machine.isQ35 || textOfProperty(entry, 'viommu') !== 'intel') return;
    const type = machine.text.replace(/^pc-(?:i440fx-)?(?=[0-9])/, 'pc-q35-');
    const q35 = type.includes('q35') ? type : 'q35';
    const start = { ...entry.value, end: entry.value.start };
    const edit = machine.token
      ? setProperty(entry, 'type', q35)
      : { span: tokenSpan(entry.line, start), text: `${q35},` };
    const removal = removeProperty(file.tree, entry, 'viommu');
    yield {
      span: atProperty(entry, 'viommu'),
      message: `The Intel vIOMMU needs machine type q35, and this is ${machine.text}. ${noStart}`,
      fixes: [
        fixIn(file, `Use machine type ${q35}`, edit),
        fixIn(file, 'Use the virtio vIOMMU', setProperty(entry, 'viommu', 'virtio')),
        ...(removal ? [fixIn(file, 'Leave out viommu', removal)] : []),
      ],
    };
  },
});
