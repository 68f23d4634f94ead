import { property } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { architectureOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atPart, readIn, startRule } from '../startRule.ts';

export const levelIgnored = startRule({
  id: 'cpu/level-ignored',
  severity: 'warning',
  since: '9.1.14',
  docs: {
    what: 'A `cpu:` line of an aarch64 VM sets `level`.',
    why: 'The CPUID level exists on x86 only: the VM starts with a warning and without it.',
    source: readIn('QemuServer/CPUConfig.pm'),
  },
  examples: [
    { bad: 'arch: aarch64\ncpu: max,«level=30»\n', fixed: 'arch: aarch64\ncpu: max\n', good: 'cpu: host,level=30\n' },
  ],
  needs: ['cpu.level'],
  *find({ settings, file }) {
    const entry = settings.entry('cpu');
    if (!entry || !property(entry, 'level') || architectureOf(settings) !== 'aarch64') return;
    const edit = removeProperty(file.tree, entry, 'level');
    yield {
      span: atPart(entry, 'level'),
      message: 'level has no effect on aarch64.',
      tag: 'unnecessary',
      fixes: edit ? [fixIn(file, 'Leave out level', edit)] : [],
    };
  },
});
