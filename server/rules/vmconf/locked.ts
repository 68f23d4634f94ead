import { configOf } from '../../languages/vmConf/config.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../../text/span.ts';
import type { Rule } from '../rule.ts';
import { readIn } from '../startRule.ts';

export const locked: Rule<VmConf> = {
  id: 'vmconf/locked',
  severity: 'info',
  language: vmConf,
  docs: {
    what: 'The VM is locked: a backup, snapshot, migration or another task is running, or was broken off.',
    why: 'Proxmox refuses most actions, and the task may write the file at any moment. When no task runs any more, `qm unlock VMID` takes the lock away.',
    source: readIn('AbstractConfig.pm of pve-guest-common'),
  },
  examples: [{ bad: 'cores: 4\n«lock»: backup\n', good: 'cores: 4\n' }],
  *check(file) {
    const lock = configOf(file).main.entry('lock');
    if (!lock) return;
    yield {
      span: tokenSpan(lock.line, lock.node.key),
      message: `A task has locked this VM (${lock.stored.trim()}) and may write the file. If none runs any more: qm unlock ${file.place.vmid ?? 'VMID'}.`,
    };
  },
};
