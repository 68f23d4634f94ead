import { isOn, numberOf, stored } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { readHotplug } from '../../languages/vmConf/formats.ts';
import { memoryOf } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import { atValue, noStart, observed, startRule } from '../startRule.ts';

export const hotplugSize = startRule({
  id: 'memory/hotplug-size',
  severity: 'error',
  docs: {
    what: 'With memory hotplug, `memory` is below 1024 (times `sockets` with 1 GiB hugepages), or not what DIMMs on top of that add up to: 32 of 512 MiB (1024 with 1 GiB hugepages), then 32 of twice that, and so on.',
    why: 'The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'hotplug: memory\nmemory: «1500»\nnuma: 1\n',
      fixed: 'hotplug: memory\nmemory: 1536\nnuma: 1\n',
      good: 'hotplug: memory\nmemory: 1536\nnuma: 1\n',
    },
    {
      bad: 'hotplug: memory\nmemory: «512»\nnuma: 1\n',
      fixed: 'hotplug: memory\nmemory: 1024\nnuma: 1\n',
      good: 'hotplug: memory\nmemory: 1024\nnuma: 1\n',
    },
  ],
  needs: ['hotplug'],
  *find({ settings, file }) {
    const entry = settings.entry('memory');
    const hotplug = stored(settings, 'hotplug');
    if (!entry || hotplug === undefined || !readHotplug(hotplug).has('memory') || !isOn(settings, 'numa')) return;
    const isHuge = stored(settings, 'hugepages') === '1024';
    const least = isHuge ? 1024 * Math.max(1, numberOf(settings, 'sockets', 1)) : 1024;
    const right = reachable(memoryOf(settings), least, isHuge ? 1024 : 512);
    if (right === memoryOf(settings)) return;
    const why = memoryOf(settings) < least ? `at least ${least} MiB` : 'a size that DIMMs add up to';
    yield {
      span: atValue(entry),
      message: `Memory hotplug needs ${why}; the next one is ${right}. ${noStart}`,
      fixes: [fixIn(file, `Set memory to ${right}`, setProperty(entry, 'current', String(right)))],
    };
  },
});

/** The least size, not below the given one, that the fixed memory and whole DIMMs make: 32 of one size, 32 of twice it, … */
function reachable(wanted: number, least: number, dimm: number): number {
  let size = least;
  for (let count = 0; size < wanted && count < 256; count++) size += dimm * 2 ** Math.floor(count / 32);
  return size;
}
