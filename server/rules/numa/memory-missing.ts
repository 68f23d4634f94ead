import { isOn, property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { memoryOf } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const memoryMissing = startRule({
  id: 'numa/memory-missing',
  severity: 'error',
  since: '3.3-7',
  docs: {
    what: 'A `numaN` line has no `memory`, and `numa` is on.',
    why: 'The schema calls it optional, but the VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'memory: 4096\nnuma: 1\n«numa0»: cpus=0-3\n',
      fixed: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096\n',
    },
  ],
  needs: ['numaN'],
  *find({ settings, file }) {
    if (!isOn(settings, 'numa')) return;
    const nodes = settings.family('numa');
    for (const entry of nodes) {
      if (property(entry, 'memory')) continue;
      const share = String(Math.floor(memoryOf(settings) / nodes.length));
      yield {
        span: atKey(entry),
        message: `${entry.key} needs memory=…: its share of the VM's memory in MiB. ${noStart}`,
        fixes: [fixIn(file, `Add memory=${share}`, setProperty(entry, 'memory', share))],
      };
    }
  },
});
