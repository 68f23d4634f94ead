import { isOn, property } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { noStart, observed, startRule } from '../startRule.ts';

export const reversedRange = startRule({
  id: 'numa/reversed-range',
  severity: 'error',
  docs: {
    what: '`cpus` or `hostnodes` of a `numaN` line has a range that runs backwards.',
    why: 'The reader lets it pass, but the VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'memory: 4096\nnuma: 1\nnuma0: cpus=«3-1»,memory=4096\n',
      fixed: 'memory: 4096\nnuma: 1\nnuma0: cpus=1-3,memory=4096\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=1-3,memory=4096\n',
    },
  ],
  needs: ['numaN'],
  *find({ settings, file }) {
    if (!isOn(settings, 'numa')) return;
    for (const entry of settings.family('numa')) {
      for (const name of ['cpus', 'hostnodes']) {
        const value = property(entry, name)?.value;
        let start = value?.start ?? 0;
        for (const text of value?.text.split(';') ?? []) {
          const [from, to] = text.split('-');
          const span = tokenSpan(entry.line, { text, start, end: start + text.length });
          start = span.end + 1;
          if (to === undefined || Number(to) >= Number(from)) continue;
          yield {
            span,
            message: `The range ${text} runs backwards. ${noStart}`,
            fixes: [fixIn(file, `Write ${to}-${from}`, { span, text: `${to}-${from}` })],
          };
        }
      }
    }
  },
});
