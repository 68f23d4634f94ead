import assert from 'node:assert/strict';
import type { HostFile, Inventory } from '../../../host/inventory.ts';
import { parseSnapshot } from '../../../host/snapshot.ts';
import { copiesBelow, hostCopies, knownAmong, siteOf } from '../../../server/facts/hostCopies.ts';
import { hostView } from '../../../server/readiness/hostView.ts';
import { emptyWorld, type Snapshot, type World, withFile, withSnapshot } from '../../../server/workspace/world.ts';
import { readFile } from '../../support/site.ts';

/** Whose the files are that a host sent along, and in which site the others of that host lie. */

const file = (text: string): HostFile => ({ text, modifiedAt: undefined });

function snapshotOf(files: Readonly<Record<string, string>>, root?: string): Snapshot {
  const inventory: Inventory = {
    ...parseSnapshot('hostpci snapshot 1\n== host: ok\nnode: pve1\n== end\n'),
    files: new Map(Object.entries(files).map(([path, text]) => [path, file(text)])),
  };
  return { uri: 'hostpci-host:/pve1', root, inventory };
}

const worldOf = (snapshot: Snapshot, ...uris: readonly string[]): World =>
  uris.reduce((world, uri) => withFile(world, readFile(uri, '')), withSnapshot(emptyWorld, snapshot));

suite('copies that a host sent along', () => {
  const snapshot = snapshotOf({
    '/etc/modules': 'vfio\n',
    '/etc/modules-load.d/modules.conf': 'vfio\n',
    '/etc/pve/nodes/pve2/qemu-server/101.conf': 'memory: 512\n',
    '/etc/pve/mapping/pci.cfg': '',
    '/etc/hostname': 'pve1\n',
  });

  test("what is the host's own says so by its node, what is the cluster's does not", () => {
    assert.deepEqual(
      hostCopies(snapshot, 'file:///a').map(({ place: { root, path, node } }) => [root, path, node]),
      [
        ['file:///a', '/etc/modules', 'pve1'],
        ['file:///a', '/etc/pve/nodes/pve2/qemu-server/101.conf', 'pve2'],
        ['file:///a', '/etc/pve/mapping/pci.cfg', undefined],
      ],
    );
  });

  test("their URIs are the snapshot's, or what they would be below a site; they are the same files each time", () => {
    const [kept] = hostCopies(snapshot, 'file:///a');
    assert.match(kept?.uri ?? '', /^hostpci-file:\/pve1\/modules\?/);
    const [below] = copiesBelow(snapshot, 'file:///a');
    assert.equal(below?.uri, 'file:///a/etc/modules');
    assert.equal(below?.tree, kept?.tree);
    assert.equal(hostCopies(snapshot, 'file:///a')[0], kept);
    assert.notEqual(hostCopies(snapshot, 'file:///b')[0], kept);
  });

  test('modules.conf is a link where it says what /etc/modules says, and else a file', () => {
    const paths = (files: Readonly<Record<string, string>>) =>
      hostCopies(snapshotOf(files), 'file:///a').map(({ place }) => place.path);
    const name = '/etc/modules-load.d/modules.conf';
    assert.deepEqual(paths({ '/etc/modules': 'a\n', [name]: 'a\n' }), ['/etc/modules']);
    assert.deepEqual(paths({ '/etc/modules': 'a\n', [name]: 'b\n' }), ['/etc/modules', name]);
    assert.deepEqual(paths({ [name]: 'b\n' }), [name]);
  });

  test('a guest is known wherever it lies, everything else by its path', () => {
    const isKnown = knownAmong([
      readFile('file:///a/etc/pve/qemu-server/101.conf', ''),
      readFile('file:///a/etc/modules-load.d/vfio.conf', ''),
    ]);
    assert.deepEqual(hostCopies(snapshot, 'file:///a').map(isKnown), [false, true, false]);
  });
});

suite('the site of a host', () => {
  const own = { '/etc/modules': 'vfio\n' };

  test('is the one that the snapshot lies in, where that has files', () => {
    const inside = snapshotOf(own, 'file:///a');
    assert.equal(siteOf(worldOf(inside, 'file:///a/etc/modules', 'file:///b/etc/modules'), inside), 'file:///a');
    assert.equal(siteOf(worldOf(inside, 'file:///b/etc/modules'), inside), undefined);
  });

  test('is the only one that has files of its node, or that can be of no other host', () => {
    const sent = snapshotOf(own);
    const vm = (site: string, node: string): string => `file:///${site}/etc/pve/nodes/${node}/qemu-server/101.conf`;
    assert.equal(siteOf(worldOf(sent, 'file:///a/etc/modules'), sent), 'file:///a');
    assert.equal(siteOf(worldOf(sent, 'file:///a/etc/modules', vm('b', 'pve1')), sent), 'file:///b');
    assert.equal(siteOf(worldOf(sent, 'file:///a/etc/modules', 'file:///b/etc/modules'), sent), undefined);
    assert.equal(siteOf(worldOf(sent, vm('a', 'pve1'), vm('b', 'pve1')), sent), undefined);
    assert.equal(siteOf(worldOf(sent, vm('a', 'pve2')), sent), undefined);
  });

  test('is no site at all where it could be several: its readiness rests on its own copies', () => {
    const sent = snapshotOf(own);
    const several = worldOf(sent, 'file:///a/etc/modules', 'file:///b/etc/modules');
    const { world, root } = hostView(several, sent);
    assert.equal(root, sent.uri);
    assert.deepEqual(
      [...world.files.values()].map(({ uri }) => uri.split('?')[0]),
      ['hostpci-file:/pve1/modules'],
    );
  });
});
