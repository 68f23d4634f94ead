import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../../host/inventory.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { type CollectOptions, type FakeHost, replay, type Shell, shells } from '../support/fakeHost.ts';
import { proxmoxHost } from '../support/fakeProxmox.ts';

const allShells = Object.keys(shells) as Shell[];

/** What both shells say of a host, which is then thrown away. */
function inventoryOf(host: FakeHost, options: CollectOptions = {}): { text: string; inventory: Inventory } {
  try {
    const [text = '', ...others] = allShells.map(shell => host.collect(shell, options));
    for (const other of others) assert.equal(other, text);
    return { text, inventory: parseSnapshot(text) };
  } finally {
    host.remove();
  }
}

const networkNeeds = ({ hostNeeds }: Inventory): string[] =>
  hostNeeds.filter(need => need.kind.endsWith('-nic')).map(need => `${need.address} ${need.kind} ${need.detail}`);

/** One line of `ip -o addr`. */
const address = (name: string, text: string, scope = 'global'): string =>
  `7: ${name}    ${text} scope ${scope} ${name}\\       valid_lft forever preferred_lft forever`;

/** The host of the capture `intel`, which has six network cards, with these addresses and states. */
function networked(addresses: readonly string[], states: Readonly<Record<string, string>> = {}): FakeHost {
  const host = replay('intel');
  host.file('/addresses', `${addresses.join('\n')}\n`);
  host.command('ip', '[ "$*" = "-o addr" ] && cat "$HOSTPCI_ROOT/addresses"');
  for (const [name, state] of Object.entries(states)) host.file(`/sys/class/net/${name}/operstate`, `${state}\n`);
  return host;
}

/** `bond0.20` on a bond of two cards. */
function bond(host: FakeHost): void {
  host.link('/sys/class/net/bond0.20/lower_bond0', '/sys/class/net/bond0');
  host.link('/sys/class/net/bond0/lower_enp8s0', '/sys/class/net/enp8s0');
  host.link('/sys/class/net/bond0/lower_ens1', '/sys/class/net/ens1');
}

suite('the network cards that the host is reached by', () => {
  test('one with an address of its own, of either kind; which address it is, nobody learns', () => {
    const host = networked([
      address('enp0s3', 'inet 192.168.77.5/24 brd 192.168.77.255'),
      address('enp8s0', 'inet6 2001:db8:77::5/64'),
      address('lo', 'inet 127.0.0.1/8', 'host'),
    ]);
    const { text, inventory } = inventoryOf(host);
    assert.deepEqual(networkNeeds(inventory), ['0000:00:03.0 host-nic enp0s3', '0000:08:00.0 host-nic enp8s0']);
    assert.doesNotMatch(text, /192\.168\.77|2001:db8/);
  });

  test('the cards below a bond and a VLAN that has an address', () => {
    const host = networked([address('bond0.20@bond0', 'inet 10.9.0.2/24')]);
    bond(host);
    assert.deepEqual(networkNeeds(inventoryOf(host).inventory), [
      '0000:08:00.0 host-nic enp8s0',
      '0000:0b:01.0 host-nic ens1',
    ]);
  });

  test('not one with an address for its own link only', () => {
    const host = networked([
      address('enp0s3', 'inet6 fe80::5054:ff:fe00:1/64', 'link'),
      address('enp8s0', 'inet 169.254.3.4/16 brd 169.254.255.255'),
      address('ens1', 'inet 169.254.3.5/16', 'link'),
    ]);
    assert.deepEqual(networkNeeds(inventoryOf(host).inventory), []);
  });

  test('not one that is down, alone or in a bond', () => {
    const addresses = [address('enp0s3', 'inet 10.0.0.5/24'), address('bond0.20@bond0', 'inet 10.9.0.2/24')];
    const host = networked(addresses, { enp0s3: 'down', bond0: 'up', enp8s0: 'unknown', ens1: 'down' });
    bond(host);
    assert.deepEqual(networkNeeds(inventoryOf(host).inventory), ['0000:08:00.0 host-nic enp8s0']);
  });

  test('one with a default route, where nothing is known of addresses', () => {
    const host = networked([]);
    host.command('ip', 'exit 1');
    host.file(
      '/proc/net/route',
      'Iface\tDestination\tGateway \tFlags\nens2\t00000000\t0202000A\t0003\nens1\t0002000A\t00000000\t0001\n',
    );
    const zeros = '0'.repeat(32);
    host.file(
      '/proc/net/ipv6_route',
      [
        `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     ens81`,
        `fe80${zeros.slice(4)} 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001   enp8s0`,
        `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
        '',
      ].join('\n'),
    );
    assert.deepEqual(networkNeeds(inventoryOf(host).inventory), [
      '0000:0b:02.0 host-nic ens2',
      '0000:81:00.0 host-nic ens81',
    ]);
  });

  test('the one that the question came on, even over an address of its link', () => {
    const over = (server: string): string[] => {
      const host = networked([address('enp8s0', 'inet 169.254.3.4/16')]);
      const environment = { SSH_CONNECTION: `169.254.3.9 50000 ${server} 22` };
      return networkNeeds(inventoryOf(host, { environment }).inventory);
    };
    assert.deepEqual(over('169.254.3.4'), ['0000:08:00.0 host-nic enp8s0']);
    assert.deepEqual(over('fe80::1%ens1'), ['0000:0b:01.0 host-nic ens1']);
    assert.deepEqual(over('169.254.3.40'), []);
  });

  test('a card below a bridge is told as that, and so are the ports of Open vSwitch', () => {
    const host = networked([address('vmbr0', 'inet 10.0.0.5/24'), address('vmbr1', 'inet 10.1.0.5/24')]);
    host.folder('/sys/class/net/vmbr0/bridge');
    host.link('/sys/class/net/vmbr0/lower_enp0s3', '/sys/class/net/enp0s3');
    host.link('/sys/class/net/ovs-system/lower_enp8s0', '/sys/class/net/enp8s0');
    host.folder('/sys/class/net/vmbr1');
    assert.deepEqual(networkNeeds(inventoryOf(host).inventory), [
      '0000:00:03.0 bridge-nic vmbr0',
      '0000:08:00.0 bridge-nic ovs-system',
    ]);
  });
});

suite('what only some users may read', () => {
  const nobody = 65534;

  test('/etc/pve that is there, but closed to an ordinary user', function () {
    if (process.getuid?.() !== 0) this.skip();
    for (const path of ['etc/pve/.version', 'etc/pve']) {
      const host = proxmoxHost();
      chmodSync(join(host.root, path), 0o600);
      const { inventory } = inventoryOf(host, { user: nobody });
      const gaps = inventory.gaps.filter(gap => /^(?:storages|guests|cluster)/.test(gap));
      assert.deepEqual(
        gaps,
        ['storages', 'guests', 'cluster'].map(
          name => `${name}: could not be read (there, but not readable by this user; run it as root)`,
        ),
        path,
      );
      assert.deepEqual([inventory.storages, inventory.guests, inventory.cluster], [undefined, undefined, undefined]);
    }
  });

  test('/etc/pve without its file system, and one that hangs', () => {
    const empty = replay('intel');
    empty.folder('/etc/pve');
    assert.match(inventoryOf(empty).inventory.gaps.join('\n'), /^guests: .*file system is not mounted/m);
    const hanging = proxmoxHost();
    hanging.command('timeout', 'case $2 in cat) exit 124 ;; esac; shift; exec "$@"');
    assert.match(inventoryOf(hanging).inventory.gaps.join('\n'), /^guests: .*does not answer/m);
    const none = inventoryOf(replay('intel')).inventory;
    assert.doesNotMatch(none.gaps.join('\n'), /guests/);
  });
});

test("a cluster's own CPU models come along", () => {
  const host = replay('intel');
  const path = '/etc/pve/virtual-guest/cpu-models.conf';
  host.file('/etc/pve/.version', '{}\n');
  host.file(path, 'cpu-model: games\n\tflags +aes\n');
  assert.equal(inventoryOf(host).inventory.files.get(path)?.text, 'cpu-model: games\n\tflags +aes\n');
});
