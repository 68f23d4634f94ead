import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, whyLost } from '../parserRule.ts';

export const cpuTypeMissing = parserRule({
  id: 'vmconf/cpu-type-missing',
  code: 'cpu-type-missing',
  docs: {
    what: 'A `cpu:` line has flags or other settings but no CPU type.',
    why: whyLost,
    source: 'qemu-server 9.2.6, PVE/QemuServer/CPUConfig.pm validate_vm_cpu_conf, observed',
  },
  examples: [{ bad: 'cpu: «flags=+aes»\n', fixed: 'cpu: kvm64,flags=+aes\n', good: 'cpu: host,flags=+aes\n' }],
  tell: ({ node, line, reason }, file) => {
    const at = span(line, node.value.start, node.value.start);
    const text = reason.token.text.trim() === '' ? 'kvm64' : 'kvm64,';
    return {
      message: `cpu needs a type first, such as host or x86-64-v2-AES. ${lost}`,
      fixes: [fixIn(file, 'Name the default type kvm64', { span: at, text })],
    };
  },
});
