import { schemaTable } from '../../languages/vmConf/schemaTable.generated.ts';
import { lost, parserRule, whyLost } from '../parserRule.ts';

export const cpuFlagNotAllowed = parserRule({
  id: 'vmconf/cpu-flag-not-allowed',
  code: 'cpu-flag',
  grows: true,
  docs: {
    what: "A VM's `cpu:` line switches a CPU flag that a VM's own line may not switch.",
    why: `${whyLost} Other flags belong to a custom CPU model in /etc/pve/virtual-guest/cpu-models.conf, or into \`args:\`.`,
    source: 'qemu-server 9.2.6, PVE/QemuServer/CPUConfig.pm validate_vm_cpu_conf, observed',
    since: 'qemu-server 6.3-4',
  },
  examples: [{ bad: 'cpu: host,flags=+aes;«+vmx»\n', good: 'cpu: host,flags=+aes;+nested-virt\n' }],
  tell: ({ reason }) => ({
    message: `A VM's cpu line cannot switch "${reason.token.text.slice(1)}", only ${schemaTable.cpuFlags.join(', ')}. ${lost} Define a custom CPU model for other flags.`,
  }),
});
