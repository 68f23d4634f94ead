import { cpuModels } from '../../languages/vmConf/schema.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, whyLost } from '../parserRule.ts';

export const unknownCpuModel = parserRule({
  id: 'vmconf/unknown-cpu-model',
  code: 'cpu-model',
  grows: true,
  docs: {
    what: 'A `cpu:` line names a CPU model that Proxmox does not bring along. Names are case-sensitive; models of your own start with `custom-`.',
    why: whyLost,
    source: 'qemu-server 9.2.6, PVE/QemuServer/CPUConfig.pm, observed',
  },
  examples: [
    { bad: 'cpu: «Host»,flags=+aes\n', fixed: 'cpu: host,flags=+aes\n', good: 'cpu: host,flags=+aes\n' },
    { bad: 'cpu: «x86-64-v2-aes»\n', fixed: 'cpu: x86-64-v2-AES\n', good: 'cpu: x86-64-v2-AES\n' },
  ],
  tell: ({ reason, line }, file) => {
    const { text } = reason.token;
    const lower = text.trim().toLowerCase();
    const same = [...cpuModels].find(model => model.toLowerCase() === lower);
    const meant = same ?? nearest(text.trim(), cpuModels, text.length > 5 ? 2 : 1);
    return {
      message: `There is no CPU model "${text}".${meant === undefined ? '' : ` Was ${meant} meant?`} ${lost}`,
      fixes:
        meant === undefined
          ? []
          : [fixIn(file, `Change to ${meant}`, { span: tokenSpan(line, reason.token), text: meant })],
    };
  },
});
