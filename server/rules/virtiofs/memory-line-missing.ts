import { configOf, isOn } from '../../languages/vmConf/config.ts';
import { addEntry } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, observed, startRule } from '../startRule.ts';

export const memoryLineMissing = startRule({
  id: 'virtiofs/memory-line-missing',
  severity: 'warning',
  docs: {
    what: 'The VM shares directories with `virtiofsN` and has no `memory:` line, with `numa` off.',
    why: 'The default is left out where the shared memory is set up: QEMU gets a size without a number.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    { bad: '«virtiofs0»: share\n', fixed: 'memory: 512\nvirtiofs0: share\n', good: 'memory: 4096\nvirtiofs0: share\n' },
  ],
  needs: ['virtiofsN'],
  *find({ settings, file }) {
    const [entry] = settings.family('virtiofs');
    if (!entry || settings.entry('memory') || isOn(settings, 'numa')) return;
    yield {
      span: atKey(entry),
      message: 'virtiofs needs a memory: line: without one QEMU gets a size without a number.',
      fixes: [fixIn(file, 'Write the default', addEntry(file.tree, configOf(file).main.section, 'memory', '512'))],
    };
  },
});
