import { configOf, isOn } from '../../languages/vmConf/config.ts';
import { addEntry, setValue } from '../../languages/vmConf/edits.ts';
import { readHotplug } from '../../languages/vmConf/formats.ts';
import { fixIn } from '../edits.ts';
import { atValue, noStart, observed, startRule } from '../startRule.ts';

export const hotplugNeedsNuma = startRule({
  id: 'memory/hotplug-needs-numa',
  severity: 'error',
  since: '4.0-83',
  docs: {
    what: '`hotplug` lists `memory` and `numa` is off.',
    why: 'Memory can only be hot-plugged into NUMA nodes. The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'hotplug: «disk,memory»\nmemory: 4096\n',
      fixed: 'hotplug: disk,memory\nmemory: 4096\nnuma: 1\n',
      good: 'hotplug: disk,memory\nmemory: 4096\nnuma: 1\n',
    },
  ],
  needs: ['hotplug'],
  *find({ settings, file }) {
    const entry = settings.entry('hotplug');
    if (!entry || !readHotplug(entry.stored).has('memory') || isOn(settings, 'numa')) return;
    const numa = settings.entry('numa');
    const edit = numa ? setValue(numa, '1') : addEntry(file.tree, configOf(file).main.section, 'numa', '1');
    yield {
      span: atValue(entry),
      message: `Memory hotplug needs numa: 1. ${noStart}`,
      fixes: [fixIn(file, 'Set numa: 1', edit)],
    };
  },
});
