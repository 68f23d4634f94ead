import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostStore } from '../../client/hosts/hostStore.ts';

const first = readFileSync(new URL('../snapshots/demo.snapshot', import.meta.url), 'utf8');
/** The same host an hour later. */
const later = first.replace('T18:05:12Z', 'T19:05:12Z');
/** The graphics card is another one. */
const changed = later.replace('device: 2584 GA107 [GeForce RTX 3050 6GB]', 'device: 1c03 GP106 [GeForce GTX 1060 6GB]');
const changedLater = changed.replace('T19:05:12Z', 'T20:05:12Z');

suite('the store of snapshots', () => {
  let folder: string;
  let store: HostStore;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostpci-store-'));
    store = new HostStore(join(folder, 'hosts'));
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  const both = async (name = 'pve1') => [await store.previous(name), await store.text(name)];
  const keep = async (...texts: string[]) => {
    for (const text of texts) await store.keep('pve1', text);
  };

  test('nothing is known of a host that was not asked', async () => {
    assert.deepEqual(await store.names(), []);
    assert.deepEqual(await both(), [undefined, undefined]);
    await store.forget('pve1');
    await store.acceptChanges('pve1');
    assert.deepEqual(await store.names(), []);
  });

  test('a new snapshot makes the last one the previous one', async () => {
    await keep(first);
    assert.deepEqual(await both(), [undefined, first]);
    await keep(later);
    assert.deepEqual(await both(), [first, later]);
    await keep(changed);
    assert.deepEqual(await both(), [later, changed]);
  });

  test('to ask twice does not hide what changed', async () => {
    await keep(first, changed, changedLater);
    assert.deepEqual(await both(), [first, changedLater]);
    assert.notEqual(changed, later);
  });

  test('what changed back is a change, too', async () => {
    await keep(first, changed, later);
    assert.deepEqual(await both(), [changed, later]);
  });

  test('changes that were seen are no news', async () => {
    await keep(first, changed);
    await store.acceptChanges('pve1');
    assert.deepEqual(await both(), [changed, changed]);
  });

  test('names of any kind keep apart, and survive as names', async () => {
    const names = ['pve1', 'PVE 2', '../x', 'a/b', 'a%2Fb', 'ö', '*?"<>|', 'con', '.'];
    for (const name of names) await store.keep(name, `${name}\n`);
    assert.deepEqual([...(await store.names())], [...names].sort());
    for (const name of names) assert.equal(await store.text(name), `${name}\n`);
    assert.deepEqual(readdirSync(folder), ['hosts']);
    for (const file of readdirSync(join(folder, 'hosts'))) assert.match(file, /^[\w.%+-]+$/);
    for (const name of names) await store.forget(name);
    assert.deepEqual(readdirSync(join(folder, 'hosts')), []);
  });

  test('files that are none of ours are left alone', async () => {
    mkdirSync(join(folder, 'hosts'));
    for (const name of ['%zz.snapshot', 'notes.txt']) writeFileSync(join(folder, 'hosts', name), 'x');
    assert.deepEqual(await store.names(), []);
  });
});
