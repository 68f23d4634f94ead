import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { deviceIdentityChanged } from '../../../server/rules/drift/device-identity-changed.ts';
import { nicRenamed } from '../../../server/rules/drift/nic-renamed.ts';
import type { Report } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { withSnapshot } from '../../../server/workspace/world.ts';
import { checkRule, openSite, rethrow } from '../../support/check.ts';

const path = 'etc/pve/nodes/pve1/qemu-server/100.conf';
const host = (functions: string, more = ''): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n== pci functions: ok\n${functions}${more}== end\n`;
const at = (address: string, classId: string, ids: string): string =>
  `${address}\n  class: ${classId}\n  vendor: ${ids.slice(0, 4)}\n  device: ${ids.slice(5)}\n`;

const big = '10de:1b06';
const small = '10de:128b';
const disk = '144d:a808';
const before = at('0000:0b:00.0', '0300', big) + at('0000:0c:00.0', '0300', small);
/** The same two cards one bus further, behind a new disk. */
const after = at('0000:0b:00.0', '0108', disk) + at('0000:0c:00.0', '0300', big) + at('0000:0d:00.0', '0300', small);

/** The rule on a VM of a host that was asked twice; `then` is the VM's file as the host had it the first time. */
function found(line: string, then?: string): readonly Report[] {
  const site = openSite(`--- ${path}\nmemory: 2048\n${line}\n`, { host: host(after) });
  const known = site.world.snapshots[0] ?? assert.fail('no snapshot');
  const files = then === undefined ? '' : `== files: ok\n/${path}\n  | memory: 2048\n  | ${then}\n`;
  const world = withSnapshot(site.world, { ...known, previous: parseSnapshot(host(before, files)) });
  return runRules(ruleSet([deviceIdentityChanged]), site.file, world, rethrow);
}

suite('rules about drift', () => {
  test('an address at which there is another kind of device now: reported, with where the device went', () => {
    const [report] = found('hostpci0: 0000:0b:00.0');
    assert.equal(report?.severity, 'error');
    assert.equal(report.fixes?.[0]?.edits[0]?.text, '0000:0c:00.0');
  });

  test('an entry that has followed its device is not told to follow the next one', () => {
    assert.deepEqual(found('hostpci0: 0000:0c:00.0'), []);
    assert.deepEqual(found('hostpci0: 0000:0c:00.0', 'hostpci0: 0000:0b:00.0'), []);
  });

  test('an entry that is as it was before the devices moved is reported, whatever is there now', () => {
    const line = 'hostpci0: 0000:0c:00.0';
    const [report] = found(line, line);
    assert.equal(report?.fixes?.[0]?.edits[0]?.text, '0000:0d:00.0');
  });

  test('an entry that was written since then is meant as it is', () => {
    assert.deepEqual(found('hostpci0: 0000:0b:00.0,pcie=1', 'hostpci0: 0000:0b:00.0'), []);
  });
});

suite('a bridge that has lost its port', () => {
  const nic = (name: string): string => `0000:06:00.0\n  class: 0200\n  interfaces: ${name}\n`;
  const text = (ports: string, more = ''): string =>
    `/etc/network/interfaces\n  | iface enp5s0 inet manual\n${more}  | iface vmbr0 inet static\n  | \tbridge-ports ${ports}\n`;
  const bare = '== bridges: ok\nvmbr0\n  ports: none\n';
  const check = (functions: string, bridges: string, files: string, is: 'told' | 'silent'): void => {
    const bridge = is === 'told' ? '«vmbr0»' : 'vmbr0';
    checkRule(nicRenamed, `net0: virtio=BC:24:11:00:00:01,bridge=${bridge}\n`, undefined, {
      host: host(functions, `${bridges}== files: ok\n${files}`),
    });
  };

  test('is told where the host has a card that no file names', () => {
    check(nic('enp6s0'), bare, text('enp5s0'), 'told');
    check(nic('enp6s0'), bare, text('enp5s0.30'), 'told');
    check(nic('enp6s0'), bare, text('bond0', '  | iface bond0 inet manual\n  | \tbond-slaves enp5s0\n'), 'told');
  });

  test('is not told where the bridge has a port after all, or is meant to have none', () => {
    check(nic('enp6s0'), '== bridges: ok\nvmbr0\n  ports: enp6s0\n', text('enp5s0'), 'silent');
    check(nic('enp6s0'), bare, text('none'), 'silent');
    check(nic('enp5s0'), bare, text('enp5s0'), 'silent');
  });

  test('is not told where no card is there that it could be', () => {
    check('', bare, text('enp5s0'), 'silent');
    check(nic('enp6s0'), bare, text('enp5s0', '  | iface enp6s0 inet manual\n'), 'silent');
    check(nic('wlp6s0'), bare, text('enp5s0'), 'silent');
  });

  test('is not told where the host did not say its bridges or its files', () => {
    check(nic('enp6s0'), '', text('enp5s0'), 'silent');
    check(nic('enp6s0'), bare, '/etc/modules\n  | vfio\n', 'silent');
  });
});
