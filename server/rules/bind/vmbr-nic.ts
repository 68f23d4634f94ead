import { lossesOf } from '../../facts/groupFaults.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { readIn } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:1f.6
  class: 0200
0000:03:00.0
  class: 0200
0000:04:00.0
  class: 0200
== host needs: ok
0000:03:00.0
  kind: host-nic
  detail: enp3s0
0000:00:1f.6
  kind: bridge-nic
  detail: vmbr0
== end
`;

export const vmbrNic = deviceRule({
  id: 'bind/vmbr-nic',
  severity: 'error',
  docs: {
    what: 'A VM gets the network card behind a bridge of the host, behind a link of the cluster, or with an address or the default route of the host itself.',
    why: 'The card leaves its driver when the VM starts, and the bridge loses its port: the web interface, SSH and the other guests are cut off. A cluster node without its links is fenced.',
    source: `${readIn('QemuServer/PCI.pm')} prepare_pci_device; bridges, cluster links and addresses that the host reports`,
  },
  examples: [
    { bad: 'hostpci0: «00:1f.6»\n', good: 'hostpci0: 04:00.0\n', host },
    { bad: 'hostpci0: «03:00»\n', good: 'hostpci0: 04:00\n', host },
  ],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const loss = lossesOf(inventory, [fn]).find(({ need }) => need.kind.endsWith('-nic'));
      if (!loss) continue;
      yield {
        span,
        message: `${named(fn)} is the ${needLabel(loss.need)}, which is cut off when the VM starts. Pass another port or a virtual function.`,
      };
    }
  },
});
