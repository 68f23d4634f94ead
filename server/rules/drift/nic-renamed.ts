import { lostPortOf } from '../../facts/bridges.ts';
import { textOfProperty } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { listed, named } from '../deviceRule.ts';
import { atProperty, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:06:00.0
  class: 0200
  interfaces: enp6s0
== bridges: ok
vmbr0
  ports: none
vmbr1
  ports: none
== files: ok
/etc/network/interfaces
  | iface enp5s0 inet manual
  | auto vmbr0
  | iface vmbr0 inet static
  | 	bridge-ports enp5s0
  | auto vmbr1
  | iface vmbr1 inet manual
  | 	bridge-ports none
== end
`;

export const nicRenamed = startRule({
  id: 'drift/nic-renamed',
  severity: 'error',
  docs: {
    what: "The bridge of a virtual network card has lost its port: /etc/network/interfaces names an interface that the host does not have, and the host has one that the file does not name. Silent where the bridge has a port, or the host's interfaces are not known.",
    why: "Names such as enp5s0 contain the number of the bus. A card that is put in or taken out renumbers the buses, and the firmware's settings and virtual functions can do so, too: the bridge is left without its cable, and with it the guests and often the host's own web interface.",
    source:
      'pve-docs, pve-network.adoc, systemd network interface names; bridges, ports and interfaces that the host reports',
  },
  examples: [
    {
      bad: 'net0: virtio=BC:24:11:00:00:01,bridge=«vmbr0»\n',
      good: 'net0: virtio=BC:24:11:00:00:01,bridge=vmbr1\n',
      host,
    },
  ],
  needs: ['netN.bridge'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const entry of settings.family('net')) {
      const bridge = textOfProperty(entry, 'bridge');
      const lost = bridge === undefined ? undefined : lostPortOf(inventory, bridge);
      if (!lost) continue;
      const now = lost.strangers.slice(0, 3).map(({ fn, name }) => `${name} at ${named(fn)}`);
      yield {
        span: atProperty(entry, 'bridge'),
        message: `${bridge} has no port: /etc/network/interfaces gives it ${lost.port}, which this host does not have, and does not name ${listed(now)}. Write the new name there; a .link file or pve-network-interface-pinning keeps it.`,
      };
    }
  },
});
