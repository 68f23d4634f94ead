import assert from 'node:assert/strict';
import { languages } from '../../../server/languages/index.ts';
import { hostFiles } from '../../../server/services/hostFiles.ts';
import { takeDevices } from '../../../server/services/takeDevices.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines } from '../../../server/text/lines.ts';
import { emptyWorld, type World, withFile, withSnapshot } from '../../../server/workspace/world.ts';
import { around } from '../../support/check.ts';
import { readFile, readSite, siteRoot } from '../../support/site.ts';
import { hostOf } from '../../support/tree.ts';

const demo = hostOf('demo');
const host = `${siteRoot}/pve1.snapshot`;
const site = `--- etc/modprobe.d/blacklist.conf
blacklist nouveau
--- etc/modprobe.d/gpu.conf
options vfio-pci ids=10de:2584,10de:2291
--- etc/pve/nodes/pve1/qemu-server/100.conf
memory: 512
--- etc/pve/nodes/pve2/qemu-server/200.conf
memory: 512
--- etc/pve/mapping/usb.cfg
key
--- etc/kernel/cmdline
quiet
`;

const paths = (world: World, of: string, task: 'bind' | 'map' | 'any'): readonly string[] =>
  hostFiles(world, of, task).files.map(({ path, about }) => (about === '' ? path : `${path} (${about})`));

suite('the files that can take devices of a host', () => {
  const { world } = readSite(site, { host: demo });

  test('to bind: modprobe.d, the file that has ids already first; vfio.conf can be made', () => {
    assert.deepEqual(paths(world, host, 'bind'), [
      '/etc/modprobe.d/gpu.conf (has 2 ids for vfio-pci)',
      '/etc/modprobe.d/blacklist.conf',
    ]);
    assert.deepEqual(hostFiles(world, host, 'bind').absent, [`${siteRoot}/etc/modprobe.d/vfio.conf`]);
  });

  test('to map: pci.cfg and no list of other mappings; it can be made where it is missing only', () => {
    assert.deepEqual(paths(world, host, 'map'), []);
    assert.deepEqual(hostFiles(world, host, 'map').absent, [`${siteRoot}/etc/pve/mapping/pci.cfg`]);
    const full = withFile(world, readFile(`${siteRoot}/etc/pve/mapping/pci.cfg`, ''));
    assert.deepEqual(hostFiles(full, host, 'map'), {
      files: [{ uri: `${siteRoot}/etc/pve/mapping/pci.cfg`, path: '/etc/pve/mapping/pci.cfg', about: '' }],
      absent: [],
    });
  });

  test('any: guests of this node, not of another', () => {
    const any = paths(world, host, 'any');
    assert.ok(any.includes('/etc/pve/nodes/pve1/qemu-server/100.conf') && any.includes('/etc/kernel/cmdline'));
    assert.ok(!any.some(path => path.includes('pve2')));
  });

  test('a host that was asked finds the sites of its node; one of which nothing is here finds nothing', () => {
    const asked = { uri: 'hostpci-host:/pve1', root: undefined, inventory: demo };
    const only = withSnapshot({ ...world, snapshots: [] }, asked);
    assert.equal(paths(only, asked.uri, 'bind').length, 2);
    assert.deepEqual(hostFiles(withSnapshot(emptyWorld, asked), asked.uri, 'bind'), { files: [], absent: [] });
    assert.deepEqual(hostFiles(world, 'file:///other.snapshot', 'any'), { files: [], absent: [] });
  });
});

suite('devices from a host into a file', () => {
  /** The file at `¦` after it took devices of the host. */
  function taken(text: string, devices: readonly string[], from: string): string {
    const { world, file, marked } = readSite(text, { host: demo });
    const other = { uri: 'hostpci-host:/pve2', root: undefined, inventory: { ...hostOf('intel-vfs'), node: 'pve2' } };
    const whole = withSnapshot(world, other);
    const language = languages.find(one => one.id === file.place.language);
    assert.ok(language);
    const surroundings = around({ world: whole, file, marked });
    const edits = takeDevices(whole, { file, language, around: surroundings }, { line: 0, column: 0 }, devices, from);
    return fromLines(applyEdits(file.lines, edits));
  }

  test('a guest takes devices of its own node only', () => {
    const conf = '--- etc/pve/nodes/pve1/qemu-server/100.conf\n¦memory: 512\n';
    assert.equal(taken(conf, ['0000:10:00.0'], 'hostpci-host:/pve2'), 'memory: 512\n');
    assert.equal(taken(conf, ['0000:03:00.0'], host), 'hostpci0: 0000:03:00.0\nmemory: 512\n');
  });

  test('the cluster’s mappings take devices of each node, with its name', () => {
    const mapping = '--- etc/pve/mapping/pci.cfg\n¦';
    assert.match(
      taken(mapping, ['0000:10:00.0'], 'hostpci-host:/pve2'),
      /map id=8086:10c9,iommugroup=27,node=pve2,path=0000:10:00\.0/,
    );
    assert.match(taken(mapping, ['0000:03:00.0'], host), /map id=8086:1539,iommugroup=12,node=pve1,/);
  });

  test('modprobe.d takes the ids of the host that the devices are from', () => {
    const conf = '--- etc/modprobe.d/vfio.conf\n¦';
    assert.equal(taken(conf, ['0000:10:00.0'], 'hostpci-host:/pve2'), 'options vfio-pci ids=8086:10c9\n');
    assert.equal(taken(conf, ['0000:10:00.0,mdev=x', 'mapping=gpu'], host), '');
  });
});
