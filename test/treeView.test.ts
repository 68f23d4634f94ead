import assert from 'node:assert/strict';
import { age } from '../client/tree/age.ts';
import { highlights } from '../client/tree/highlights.ts';
import { readTaken, takenOf } from '../client/tree/taken.ts';
import type { TreeRow } from '../server/protocol.ts';
import { hostOf, rowAt, rowsOf, worldOf } from './support/tree.ts';

/** What the tree's view does without VS Code. */

const rows = rowsOf(worldOf(hostOf('demo')));
const host = 'file:///site/pve1.snapshot';

suite('what is dragged out of the tree', () => {
  test('a group stands for its devices, without bridges, each once', () => {
    const group = rowAt(rows, 'Group 2');
    const devices = ['0000:01:00.0', '0000:01:00.1'];
    assert.deepEqual(takenOf([group]), { host, devices });
    assert.deepEqual(takenOf([group, ...(group.children ?? [])]), { host, devices });
  });

  test('a PF does not bring its VFs, a host not all that it has', () => {
    const vfs = rowsOf(worldOf(hostOf('intel-vfs')));
    assert.deepEqual(takenOf([rowAt(vfs, 'Group 27')])?.devices, ['0000:10:00.0']);
    const all: TreeRow = { id: 'x', label: 'pve1', context: 'host.file', children: rows };
    assert.equal(takenOf([all]), undefined);
    assert.equal(takenOf([rowAt(rows, 'Bridges only')]), undefined);
    assert.equal(takenOf([]), undefined);
  });

  test('of two hosts only what is of the first', () => {
    const device = (of: string, takes: string): TreeRow => ({ id: of, label: of, context: 'device', host: of, takes });
    assert.deepEqual(takenOf([device('a', '1'), device('b', '2'), device('a', '3')]), {
      host: 'a',
      devices: ['1', '3'],
    });
  });

  test('only what we have written is read', () => {
    const taken = { host, devices: ['0000:01:00.0'] };
    assert.deepEqual(readTaken(JSON.stringify(taken)), taken);
    for (const text of ['', 'null', '[]', '{}', '{"host":1,"devices":["x"]}', '{"host":"x","devices":[1]}'])
      assert.equal(readTaken(text), undefined, text);
  });
});

suite('what a filter marks in a label', () => {
  const cases: readonly (readonly [label: string, filter: string, marked: string])[] = [
    ['GeForce RTX 3050 6GB', 'rtx 6gb', 'GeForce «RTX» 3050 «6GB»'],
    ['GeForce RTX 3050 6GB', '6gb rtx', 'GeForce «RTX» 3050 «6GB»'],
    ['Group 2', 'group 2', '«Group 2»'],
    ['Group 2', 'group2', '«Group 2»'],
    ['Group 25', 'group 2', 'Group 25'],
    ['CT 102 (jellyfin)', 'group 2', 'CT 102 (jellyfin)'],
    ['VM 101 (win11)', 'vm 101', '«VM 101» (win11)'],
    ['82576 Gigabit', '', '82576 Gigabit'],
    ['82576 Gigabit', '.*', '82576 Gigabit'],
  ];
  for (const [label, filter, marked] of cases)
    test(`${filter} in ${label}`, () => {
      const shown = highlights(label, filter).reduceRight(
        (text, [from, to]) => `${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`,
        label,
      );
      assert.equal(shown, marked);
    });
});

suite('how long ago a host was asked', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const ages: readonly (readonly [string, string])[] = [
    ['2026-03-10T12:00:00Z', 'just now'],
    ['2026-03-10T12:05:00Z', 'just now'],
    ['2026-03-10T11:58:00Z', '2 min ago'],
    ['2026-03-10T11:00:00Z', '1 h ago'],
    ['2026-03-08T12:00:01Z', '47 h ago'],
    ['2026-03-08T12:00:00Z', '2 days ago'],
    ['2025-12-31T12:00:00Z', '2025-12-31'],
    ['once', 'once'],
  ];
  for (const [time, words] of ages) test(`${time}: ${words}`, () => assert.equal(age(time, now), words));
});
