import { configOf, isTemplate } from '../../languages/vmConf/config.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { vmConf } from '../../languages/vmConf/vmConf.ts';
import type { Rule } from '../rule.ts';
import { atKey, observed } from '../startRule.ts';

export const templateIgnoresDevice: Rule<VmConf> = {
  id: 'hostpci/template-ignores-device',
  severity: 'hint',
  language: vmConf,
  docs: {
    what: 'A template has `hostpci` entries.',
    why: 'A template is started for backups only, without them. Every clone gets them, and the clones then claim one device together.',
    source: observed('VZDump/QemuServer.pm'),
    since: 'qemu-server 8.2.2',
  },
  examples: [{ bad: '«hostpci0»: 01:00\ntemplate: 1\n', good: 'hostpci0: 01:00\n' }],
  *check(file) {
    const config = configOf(file);
    if (!isTemplate(config)) return;
    for (const entry of config.next.family('hostpci')) {
      yield {
        span: atKey(entry),
        message: 'A template never uses this device itself; every clone of it asks for the same one.',
      };
    }
  },
};
