import { isFlagOn, property } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, startRule } from '../startRule.ts';

export const hiddenObsolete = startRule({
  id: 'cpu/hidden-obsolete',
  severity: 'hint',
  since: '4.0-57',
  docs: {
    what: 'A `cpu:` line has `hidden=1` beside a device with `x-vga=1`.',
    why: '`x-vga=1` hides KVM from the guest already, with a Hyper-V vendor id for Windows. Drivers of NVIDIA have not needed that for years.',
    source: observed('QemuServer/CPUConfig.pm'),
  },
  examples: [
    {
      bad: 'cpu: host,«hidden=1»\nhostpci0: 01:00,x-vga=1\n',
      fixed: 'cpu: host\nhostpci0: 01:00,x-vga=1\n',
      good: 'cpu: host\nhostpci0: 01:00,x-vga=1\n',
    },
  ],
  needs: ['cpu.hidden'],
  *find({ settings, file }) {
    const entry = settings.entry('cpu');
    if (!entry || !isFlagOn(entry, 'hidden') || !property(entry, 'cputype')) return;
    if (!settings.family('hostpci').some(device => isFlagOn(device, 'x-vga'))) return;
    const edit = removeProperty(file.tree, entry, 'hidden');
    yield {
      span: atPart(entry, 'hidden'),
      message: 'x-vga=1 hides KVM from the guest already.',
      tag: 'unnecessary',
      fixes: edit ? [fixIn(file, 'Leave out hidden', edit)] : [],
    };
  },
});
