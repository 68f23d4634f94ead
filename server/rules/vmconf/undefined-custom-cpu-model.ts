import { cpuModelsPath, customModels } from '../../facts/cpuModels.ts';
import { customModelOf } from '../../languages/vmConf/read.ts';
import { nearest } from '../../text/nearest.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, whyLost } from '../parserRule.ts';

const host = `hostpci snapshot 1
== files: ok
${cpuModelsPath}
  | cpu-model: win-gpu
  | 	flags +aes
== end
`;

const beside = '--- etc/pve/virtual-guest/cpu-models.conf\ncpu-model: legacy\n\tflags -aes\n\treported-model kvm64\n';

export const undefinedCustomCpuModel = parserRule({
  id: 'vmconf/undefined-custom-cpu-model',
  code: 'cpu-custom-model',
  docs: {
    what: `A \`cpu:\` line names a custom model that ${cpuModelsPath} does not define. Silent where that file is not known.`,
    why: whyLost,
    source: 'qemu-server 9.2.6, PVE/QemuServer/CPUConfig.pm get_custom_model, observed',
    since: 'qemu-server 6.1-13',
  },
  examples: [
    { bad: 'cpu: custom-«win-gup»\n', fixed: 'cpu: custom-win-gpu\n', good: 'cpu: custom-win-gpu\n', host },
    {
      bad: `--- etc/pve/nodes/pve1/qemu-server/100.conf\ncpu: custom-«nosuch»\n${beside}`,
      good: `--- etc/pve/nodes/pve1/qemu-server/100.conf\ncpu: custom-legacy\n${beside}`,
    },
  ],
  tell: ({ reason, line }, file, world) => {
    const known = customModels(world, file);
    const name = customModelOf(reason);
    if (!known || known.has(name)) return undefined;
    const { start, end } = reason.token;
    const where = span(line, name === '' ? start : end - name.length, end);
    const meant = nearest(name, known.keys(), 2);
    return {
      span: where,
      message: `${cpuModelsPath} defines no CPU model ${name}.${meant === undefined ? '' : ` Was ${meant} meant?`} ${lost}`,
      fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, { span: where, text: meant })],
    };
  },
});
