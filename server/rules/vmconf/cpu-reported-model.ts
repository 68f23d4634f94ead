import { removePart } from '../../languages/vmConf/edits.ts';
import { partsOf } from '../../languages/vmConf/tree.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, whyLost } from '../parserRule.ts';

export const cpuReportedModel = parserRule({
  id: 'vmconf/cpu-reported-model',
  code: 'cpu-reported-model',
  docs: {
    what: "A VM's `cpu:` line sets `reported-model`, which only custom CPU models may.",
    why: whyLost,
    source: 'qemu-server 9.2.6, PVE/QemuServer/CPUConfig.pm validate_vm_cpu_conf, observed',
    since: 'qemu-server 6.1-13',
  },
  examples: [{ bad: 'cpu: host,«reported-model=kvm64»\n', fixed: 'cpu: host\n', good: 'cpu: kvm64\n' }],
  tell: ({ node, reason, line }, file) => {
    const part = partsOf(node).find(one => one.whole.start === reason.token.start);
    return {
      message: `reported-model belongs to custom CPU models in cpu-models.conf, not to a VM. ${lost}`,
      fixes: part ? [fixIn(file, 'Remove it', removePart(file.tree, line, part))] : [],
    };
  },
});
