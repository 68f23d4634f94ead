import { configOf, isOn, property, type Settings, stored } from '../../languages/vmConf/config.ts';
import { addEntry, setValue } from '../../languages/vmConf/edits.ts';
import { readHotplug } from '../../languages/vmConf/formats.ts';
import { guestNodes } from '../../languages/vmConf/memory.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';
import { atKey, atProperty, atValue, noStart, observed, startRule } from '../startRule.ts';

export const hugepagesPreconditions = startRule({
  id: 'memory/hugepages-preconditions',
  severity: 'error',
  since: '4.0-83',
  docs: {
    what: '`hugepages` without `numa: 1`, with memory that its pages do not divide, or with a `numaN` line that does not name one host node.',
    why: 'Huge pages are taken node by node, in whole pages. The VM does not start.',
    source: observed('QemuServer/Memory.pm'),
  },
  examples: [
    {
      bad: 'hugepages: «2»\nmemory: 4096\n',
      fixed: 'hugepages: 2\nmemory: 4096\nnuma: 1\n',
      good: 'hugepages: 2\nmemory: 4096\nnuma: 1\n',
    },
    { bad: 'hugepages: «1024»\nmemory: 5000\nnuma: 1\n', good: 'hugepages: 1024\nmemory: 5120\nnuma: 1\n' },
    {
      bad: 'hugepages: 2\nmemory: 4096\nnuma: 1\n«numa0»: cpus=0,memory=4096\n',
      good: 'hugepages: 2\nmemory: 4096\nnuma: 1\nnuma0: cpus=0,memory=4096,hostnodes=0,policy=bind\n',
    },
  ],
  needs: ['hugepages'],
  *find({ settings, file }) {
    const entry = settings.entry('hugepages');
    if (!entry) return;
    if (!isOn(settings, 'numa')) {
      const numa = settings.entry('numa');
      const edit = numa ? setValue(numa, '1') : addEntry(file.tree, configOf(file).main.section, 'numa', '1');
      yield {
        span: atValue(entry),
        message: `hugepages needs numa: 1. ${noStart}`,
        fixes: [fixIn(file, 'Set numa: 1', edit)],
      };
      return;
    }
    yield* hostNodeFindings(settings);
    const fault = readHotplug(stored(settings, 'hotplug') ?? '').has('memory')
      ? undefined
      : sizeFault(settings, entry.stored);
    if (fault !== undefined) yield { span: atValue(entry), message: `${fault} ${noStart}` };
  },
});

/** The first guest node whose memory does not come to whole pages. */
function sizeFault(settings: Settings, pages: string): string | undefined {
  const page = pages === '1024' ? 1024 : 2;
  const bad = guestNodes(settings).find(({ memory }) => memory > 0 && Math.trunc(memory) % page !== 0);
  if (!bad) return undefined;
  const share = bad.key ?? 'each NUMA node';
  return `The memory of ${share} is ${bad.memory} MiB, which is not a multiple of ${page}.`;
}

function* hostNodeFindings(settings: Settings): Generator<Finding> {
  for (const node of settings.family('numa')) {
    const hosts = property(node, 'hostnodes')?.value.text;
    if (hosts !== undefined && /^[0-9]+$/.test(hosts)) continue;
    yield hosts === undefined
      ? { span: atKey(node), message: `With hugepages, ${node.key} needs hostnodes: one node of the host. ${noStart}` }
      : {
          span: atProperty(node, 'hostnodes'),
          message: `With hugepages, ${node.key} can use one node of the host only. ${noStart}`,
        };
  }
}
