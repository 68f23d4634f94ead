import { property, stored } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { schemaTable } from '../../languages/vmConf/schemaTable.generated.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const noLongModeWithOvmf = startRule({
  id: 'cpu/no-long-mode-with-ovmf',
  severity: 'error',
  since: '8.1.0',
  docs: {
    what: 'The VM boots with OVMF and has a 32-bit CPU type.',
    why: 'OVMF is 64-bit firmware. The VM does not start.',
    source: observed('QemuServer/OVMF.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\ncpu: «kvm32»\n',
      fixed: 'bios: ovmf\ncpu: kvm64\n',
      good: 'bios: ovmf\ncpu: kvm64\n',
    },
  ],
  needs: ['cpu.cputype'],
  *find({ settings, file }) {
    const entry = settings.entry('cpu');
    const type = property(entry, 'cputype')?.value.text;
    if (!entry || type === undefined || stored(settings, 'bios') !== 'ovmf') return;
    if (!schemaTable.cpu32bit.includes(type)) return;
    yield {
      span: atProperty(entry, 'cputype'),
      message: `OVMF needs a 64-bit CPU, and ${type} has 32 bits. ${noStart}`,
      fixes: [fixIn(file, 'Use kvm64', setProperty(entry, 'cputype', 'kvm64'))],
    };
  },
});
