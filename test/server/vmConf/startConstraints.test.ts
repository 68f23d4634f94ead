import assert from 'node:assert/strict';
import { rules } from '../../../server/rules/index.ts';
import { constraints } from './constraints.ts';
import { notDecidable } from './notDecidable.ts';

const expected: Readonly<Record<string, number>> = {
  H: 30,
  I: 10,
  M: 10,
  B: 25,
  V: 6,
  C: 9,
  N: 19,
  D: 29,
  S: 13,
  P: 4,
};

suite('VM conf: constraints that Proxmox codes outside its schema', () => {
  const rows = Object.entries(constraints);

  test('every row is covered by a rule, or says why not', () => {
    const numbers = Object.entries(expected).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    assert.deepEqual(Object.keys(constraints).sort(), numbers.sort());
  });

  test('the rules that are named exist', () => {
    const known = new Set(rules.map(({ id }) => id));
    const missing = rows.flatMap(([row, one]) => ('rules' in one ? one.rules.map(id => `${row} ${id}`) : []));
    assert.deepEqual(
      missing.filter(name => !known.has(name.replace(/^\S+ /, ''))),
      [],
    );
  });

  for (const [letter, count] of Object.entries(expected)) {
    const members = rows.filter(([row]) => row.startsWith(letter));
    const open = members.filter(([, one]) => 'why' in one);
    const names = open.map(([row]) => row).join(' ');
    test(`${letter}: ${members.length - open.length} of ${count} have a rule${names && `; without: ${names}`}`, () => {
      for (const [row, one] of open) assert.ok('why' in one && one.why.length > 10, row);
    });
  }

  test('failures of the recorded starts that nothing decides have a reason', () => {
    for (const [code, why] of Object.entries(notDecidable)) assert.ok(why.length > 10, code);
  });
});
