import { isOn, textOfProperty } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { memoryOf } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const totalMemoryDiffers = startRule({
  id: 'numa/total-memory-differs',
  severity: 'error',
  since: '3.3-7',
  docs: {
    what: 'The `memory` of the `numaN` lines does not add up to that of the VM.',
    why: 'Every MiB belongs to one node. The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=«2048»\n',
      fixed: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-1,memory=2048\nnuma1: cpus=2-3,memory=2048\n',
    },
  ],
  needs: ['numaN'],
  *find({ settings, file }) {
    const nodes = settings.family('numa');
    const shares = nodes.map(entry => Number(textOfProperty(entry, 'memory') ?? Number.NaN));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const memory = memoryOf(settings);
    const last = nodes.at(-1);
    if (!last || !isOn(settings, 'numa') || Number.isNaN(total) || total === memory) return;
    const rest = memory - total + (shares.at(-1) ?? 0);
    yield {
      span: atProperty(last, 'memory'),
      message: `The numaN lines have ${total} MiB together, and the VM has ${memory}. ${noStart}`,
      fixes: rest > 0 ? [fixIn(file, `Set memory=${rest}`, setProperty(last, 'memory', String(rest)))] : [],
    };
  },
});
