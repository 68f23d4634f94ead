import { property, textOfProperty } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const mtuTooSmall = startRule({
  id: 'net/mtu-too-small',
  severity: 'error',
  since: '6.2-3',
  docs: {
    what: "A virtio network card has an `mtu` from 2 to 575. 1 is fine: it means the bridge's own.",
    why: 'IPv4 wants packets of 576 bytes. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=«100»\n',
      fixed: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=1\n',
      good: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=1400\n',
    },
  ],
  needs: ['netN.mtu'],
  *find({ settings, file }) {
    for (const entry of settings.family('net')) {
      const mtu = Number(textOfProperty(entry, 'mtu') ?? 1);
      if (mtu <= 1 || mtu >= 576 || textOfProperty(entry, 'model') !== 'virtio' || !property(entry, 'bridge')) continue;
      yield {
        span: atProperty(entry, 'mtu'),
        message: `An MTU must be 576 at least, or 1 for that of the bridge. ${noStart}`,
        fixes: [fixIn(file, "Use the bridge's MTU", setProperty(entry, 'mtu', '1'))],
      };
    }
  },
});
