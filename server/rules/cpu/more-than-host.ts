import { numberOf } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atValue, noStart, observed, startRule } from '../startRule.ts';

const host = 'hostpci snapshot 1\n== cpu: ok\nthreads: 12\n== end\n';

export const moreThanHost = startRule({
  id: 'cpu/more-than-host',
  severity: 'error',
  docs: {
    what: 'The VM has more virtual CPUs (`sockets` times `cores`) than the host has threads.',
    why: 'The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [{ bad: 'cores: «8»\nsockets: 2\n', good: 'cores: 6\nsockets: 2\n', host }],
  needs: ['cores', 'sockets'],
  *find({ settings, file, world }) {
    const threads = inventoryOf(world, file)?.cpu?.threads;
    const entry = settings.entry('cores') ?? settings.entry('sockets');
    const total = Math.max(1, numberOf(settings, 'cores', 1)) * Math.max(1, numberOf(settings, 'sockets', 1));
    if (threads === undefined || !entry || total <= threads) return;
    yield {
      span: atValue(entry),
      message: `These are ${total} virtual CPUs (sockets times cores), and the host has ${threads} threads. ${noStart}`,
    };
  },
});
