import { bridgeMtu } from '../../facts/bridges.ts';
import { textOfProperty } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== files: ok
/etc/network/interfaces
  | auto vmbr0
  | iface vmbr0 inet manual
  | 	bridge-ports none
== end
`;

export const mtuAboveBridge = startRule({
  id: 'net/mtu-above-bridge',
  severity: 'error',
  since: '6.2-3',
  docs: {
    what: "A virtio network card has an `mtu` above that of its bridge, as the host's /etc/network/interfaces says it.",
    why: 'The bridge cannot carry such packets. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=«9000»\n',
      fixed: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=1\n',
      good: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,mtu=1500\n',
      host,
    },
  ],
  needs: ['netN.mtu'],
  *find({ settings, file, world }) {
    for (const entry of settings.family('net')) {
      const bridge = textOfProperty(entry, 'bridge');
      const mtu = Number(textOfProperty(entry, 'mtu') ?? 1);
      if (bridge === undefined || mtu < 576 || textOfProperty(entry, 'model') !== 'virtio') continue;
      const most = bridgeMtu(world, file, bridge);
      if (most === undefined || mtu <= most) continue;
      yield {
        span: atProperty(entry, 'mtu'),
        message: `The MTU ${mtu} is above the ${most} of ${bridge}. ${noStart} 1 means that of the bridge.`,
        fixes: [fixIn(file, "Use the bridge's MTU", setProperty(entry, 'mtu', '1'))],
      };
    }
  },
});
