import { reportedModel } from '../../facts/cpuModels.ts';
import { property } from '../../languages/vmConf/config.ts';
import { removeEntry } from '../../languages/vmConf/edits.ts';
import { architectureOf } from '../../languages/vmConf/machine.ts';
import { own } from '../../languages/vmConf/schema.ts';
import { schemaTable } from '../../languages/vmConf/schemaTable.generated.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const modelOfOtherArchitecture = startRule({
  id: 'cpu/model-of-other-architecture',
  severity: 'error',
  since: '9.1.5',
  docs: {
    what: "A `cpu:` line names a model of another architecture than the VM's. For aarch64, `host` is none either: leave the line out.",
    why: 'The VM does not start.',
    source: observed('QemuServer/CPUConfig.pm'),
  },
  examples: [
    { bad: 'cpu: «cortex-a57»\n', fixed: '', good: 'arch: aarch64\ncpu: cortex-a57\n' },
    { bad: 'arch: aarch64\ncpu: «kvm64»\n', fixed: 'arch: aarch64\n', good: 'cpu: kvm64\n' },
  ],
  needs: ['cpu.cputype'],
  *find({ settings, file, world }) {
    const entry = settings.entry('cpu');
    const type = property(entry, 'cputype')?.value.text;
    if (!entry || type === undefined) return;
    const arch = architectureOf(settings);
    const models = own(schemaTable.cpuModels, arch);
    const model = reportedModel(world, file, type);
    if (!models || model === undefined || Object.hasOwn(models, model)) return;
    if (!Object.values(schemaTable.cpuModels).some(other => Object.hasOwn(other, model))) return;
    yield {
      span: atProperty(entry, 'cputype'),
      message: `${type} is no CPU model for ${arch}. ${noStart}`,
      fixes: [fixIn(file, 'Use the default CPU model', removeEntry(file.tree, entry))],
    };
  },
});
