import { property } from '../../languages/vmConf/config.ts';
import { cpuFlags } from '../../languages/vmConf/cpu.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { readIn, startRule } from '../startRule.ts';

const host = (virtualization: string): string =>
  `hostpci snapshot 1\n== cpu: ok\nvirtualization: ${virtualization}\n== end\n`;

export const nestedVirtWithoutSupport = startRule({
  id: 'cpu/nested-virt-without-support',
  severity: 'warning',
  since: '9.0.27',
  docs: {
    what: 'A `cpu:` line has `+nested-virt`, and the host has no hardware virtualisation (no svm or vmx).',
    why: 'The VM starts with a warning and without the flag.',
    source: readIn('QemuServer/CPUConfig.pm'),
  },
  examples: [
    { bad: 'cpu: host,flags=«+nested-virt»\n', good: 'cpu: host,flags=+aes\n', host: host('no') },
    { bad: 'cpu: host,flags=+aes;«+nested-virt»\n', good: 'cpu: host,flags=-nested-virt\n', host: host('no') },
  ],
  needs: ['cpu.flags'],
  *find({ settings, file, world }) {
    const entry = settings.entry('cpu');
    if (!entry || inventoryOf(world, file)?.cpu?.virtualization !== false) return;
    for (const flag of cpuFlags(property(entry, 'flags')?.value)) {
      if (!flag.on || flag.name !== 'nested-virt') continue;
      yield {
        span: tokenSpan(entry.line, flag.token),
        message: 'This host has no hardware virtualisation to hand on: the flag has no effect.',
      };
    }
  },
});
