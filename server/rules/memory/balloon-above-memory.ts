import { numberOf } from '../../languages/vmConf/config.ts';
import { setValue } from '../../languages/vmConf/edits.ts';
import { memoryOf } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import { atValue, observed, startRule } from '../startRule.ts';

export const balloonAboveMemory = startRule({
  id: 'memory/balloon-above-memory',
  severity: 'warning',
  since: '2.3-3',
  docs: {
    what: '`balloon` is above `memory`.',
    why: 'The VM starts, without ballooning; GUI and API refuse the next change of its memory until the value is corrected.',
    source: observed('API2/Qemu.pm'),
  },
  examples: [
    {
      bad: 'balloon: «8192»\nmemory: 4096\n',
      fixed: 'balloon: 4096\nmemory: 4096\n',
      good: 'balloon: 2048\nmemory: 4096\n',
    },
  ],
  needs: ['balloon'],
  *find({ settings, file }) {
    const entry = settings.entry('balloon');
    const memory = memoryOf(settings);
    if (!entry || numberOf(settings, 'balloon', 0) <= memory) return;
    yield {
      span: atValue(entry),
      message: `The balloon's target is above the VM's memory of ${memory} MiB: GUI and API refuse that.`,
      fixes: [fixIn(file, `Set balloon to ${memory}`, setValue(entry, String(memory)))],
    };
  },
});
