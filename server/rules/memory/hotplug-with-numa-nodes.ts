import { isOn } from '../../languages/vmConf/config.ts';
import { readHotplug } from '../../languages/vmConf/formats.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const hotplugWithNumaNodes = startRule({
  id: 'memory/hotplug-with-numa-nodes',
  severity: 'error',
  since: '6.1-8',
  docs: {
    what: '`hotplug` lists `memory` and there are `numaN` lines.',
    why: 'A NUMA layout of its own leaves no place for hot-plugged memory. The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'hotplug: memory\nmemory: 4096\nnuma: 1\n«numa0»: cpus=0,memory=4096\n',
      good: 'memory: 4096\nnuma: 1\nnuma0: cpus=0,memory=4096\n',
    },
  ],
  needs: ['numaN'],
  *find({ settings }) {
    const [node] = settings.family('numa');
    const hotplug = settings.entry('hotplug');
    if (!node || !hotplug || !isOn(settings, 'numa') || !readHotplug(hotplug.stored).has('memory')) return;
    yield {
      span: atKey(node),
      message: `Memory hotplug does not go with numaN lines. ${noStart} Take memory out of hotplug, or the lines away.`,
    };
  },
});
