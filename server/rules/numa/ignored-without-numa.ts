import { configOf, isOn } from '../../languages/vmConf/config.ts';
import { addEntry, setValue } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, observed, startRule } from '../startRule.ts';

export const ignoredWithoutNuma = startRule({
  id: 'numa/ignored-without-numa',
  severity: 'warning',
  docs: {
    what: 'There are `numaN` lines, and `numa` is off.',
    why: 'They are ignored without a word: the guest has one node, and nothing is bound to a node of the host.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'memory: 4096\n«numa0»: cpus=0-3,memory=4096\n',
      fixed: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=0-3,memory=4096\n',
    },
  ],
  needs: ['numaN'],
  *find({ settings, file }) {
    const [first] = settings.family('numa');
    if (!first || isOn(settings, 'numa')) return;
    const numa = settings.entry('numa');
    const edit = numa ? setValue(numa, '1') : addEntry(file.tree, configOf(file).main.section, 'numa', '1');
    yield {
      span: atKey(first),
      message: 'numaN lines are ignored without numa: 1.',
      fixes: [fixIn(file, 'Set numa: 1', edit)],
    };
  },
});
