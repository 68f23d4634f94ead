import { configOf, deletedKeys } from '../../languages/vmConf/config.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../startRule.ts';

const cold = /^(?:hostpci[0-9]+|machine|bios|efidisk0|cpu|numa[0-9]*|args)$/;

export const pendingHostpci: Rule<VmConf> = {
  id: 'vmconf/pending-hostpci',
  severity: 'info',
  language: vmConf,
  docs: {
    what: 'A change in `[PENDING]` is of a kind that a running VM cannot take: a passed-through device, machine, firmware, CPU.',
    why: 'A reboot from inside the guest does not apply it. The VM has to be stopped and started, or rebooted with `qm reboot` or the button in the GUI.',
    source: readIn('QemuServer.pm vmconfig_apply_pending'),
  },
  examples: [
    { bad: 'cores: 4\n[PENDING]\n«hostpci0»: 01:00\n', good: 'cores: 4\n[PENDING]\nname: other\n' },
    { bad: 'hostpci0: 01:00\n[PENDING]\n«delete»: hostpci0\n', good: 'hostpci0: 01:00\n[PENDING]\ndelete: tags\n' },
  ],
  *check(file) {
    const { pending } = configOf(file);
    if (!pending) return;
    const lines = new Set([
      ...pending
        .entries()
        .filter(({ key }) => cold.test(key))
        .map(({ line }) => line),
      ...deletedKeys(pending)
        .filter(({ key }) => cold.test(key))
        .map(({ line }) => line),
    ]);
    for (const line of lines) {
      const node = file.tree.nodes[line];
      if (!node) continue;
      yield {
        span: tokenSpan(line, node.key),
        message:
          'This waits for a full stop and start of the VM, or qm reboot; a reboot from inside the guest does not apply it.',
      };
    }
  },
};
