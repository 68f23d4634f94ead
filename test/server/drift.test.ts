import assert from 'node:assert/strict';
import { parseSnapshot } from '../../host/snapshot.ts';
import { driftOf } from '../../server/facts/drift.ts';
import { createLanguageService } from '../../server/languageService.ts';
import { nodeFiles } from '../../server/nodeFiles.ts';
import { deviceTree, type TreeRow } from '../../server/services/deviceTree.ts';
import { withSnapshot } from '../../server/workspace/world.ts';
import { demoHost, library, openSite } from '../support/check.ts';

const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nmemory: 2048\n';
const now = demoHost();
/** The host before its graphics card was changed, with a driver and a kernel of that time. */
const before = now
  .replace('2026-08-24T18:05:12Z', '2026-08-20T07:00:09Z')
  .replace('release: 6.17.13-2-pve', 'release: 6.14.11-6-pve')
  .replace('device: 2584 GA107 [GeForce RTX 3050 6GB]', 'device: 1c03 GP106 *[GeForce GTX 1060 6GB]*')
  .replace('  driver: igb\n', '  driver: vfio-pci\n');

const gpu = '0000:01:00.0';
const nic = '0000:03:00.0';

const allRows = (rows: readonly TreeRow[]): readonly TreeRow[] =>
  rows.flatMap(row => [row, ...allRows(row.children ?? [])]);

suite('drift of a host', () => {
  const site = openSite(vm, { host: true });
  const known = site.world.snapshots[0] ?? assert.fail('no snapshot');
  const world = withSnapshot(site.world, { ...known, previous: parseSnapshot(before) });

  test('is a fact about the host of a file', () => {
    const drift = driftOf(world, site.file);
    assert.equal(drift?.since, '2026-08-20T07:00:09Z');
    assert.deepEqual(
      drift?.changes.map(change => change.kind),
      ['kernel', 'other-device', 'driver'],
    );
    assert.deepEqual(
      drift?.changes.slice(1).map(change => change.address),
      [gpu, nic],
    );
    assert.equal(driftOf(world, site.file), drift, 'it is worked out once');
  });

  test('is not known where nothing was kept, or where the host is another', () => {
    assert.equal(driftOf(site.world, site.file), undefined);
    const other = openSite('--- etc/pve/nodes/pve2/qemu-server/100.conf\nmemory: 2048\n', { host: true });
    assert.equal(driftOf({ ...world, files: other.world.files }, other.file), undefined);
  });

  test('stands in the tree: on the host, and on its devices', () => {
    for (const sort of ['group', 'class', 'use'] as const) {
      const rows = allRows(deviceTree(world, sort, ''));
      const row = (address: string) => rows.find(one => one.address === address) ?? assert.fail(address);
      assert.match(rows[0]?.description ?? '', /3 changes since 2026-08-20 07:00 UTC/);
      assert.match(rows[0]?.tooltip ?? '', /- The kernel is 6\\?\.17\\?\.13-2-pve; it was/);
      assert.match(row(gpu).description ?? '', /was: .*GeForce GTX 1060 6GB.*\(10de:1c03\)/);
      assert.match(row(nic).description ?? '', /was: vfio-pci/);
      assert.match(row(nic).spoken ?? '', /was: vfio-pci/);
      assert.ok(rows[0]?.tooltip?.includes('\\*\\[GeForce GTX 1060 6GB\\]\\*'), 'what a host says is no Markdown');
      assert.equal(rows.filter(one => one.description?.includes('was:')).length, 2);
    }
  });

  test('stands nowhere where nothing changed', () => {
    const same = withSnapshot(site.world, { ...known, previous: parseSnapshot(now) });
    const rows = allRows(deviceTree(same, 'group', ''));
    assert.ok(!rows.some(row => /was:|change/.test(row.description ?? '')));
  });

  test('comes from what the client kept', () => {
    const service = createLanguageService({
      files: nodeFiles(),
      library,
      log: { error: message => assert.fail(message) },
    });
    const uri = 'hostpci-host:/pve1';
    const told = () => service.deviceTree('group', '')[0]?.description ?? '';
    service.setSnapshot(uri, now, before);
    assert.match(told(), /3 changes since/);
    service.setSnapshot(uri, now);
    assert.doesNotMatch(told(), /change/);
    service.setSnapshot(uri, undefined, before);
    assert.deepEqual(service.deviceTree('group', ''), []);
  });
});
