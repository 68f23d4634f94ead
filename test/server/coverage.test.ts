import assert from 'node:assert/strict';
import { rules } from '../../server/rules/index.ts';
import { catalogue } from '../support/catalogue.ts';

suite('coverage of the catalogue', () => {
  const ids = new Set(rules.map(rule => rule.id));
  const entries = Object.entries(catalogue);

  test('it has 150 entries', () => assert.equal(entries.length, 150));

  test('every entry is a rule or has a reason', () => {
    const open = entries.flatMap(([id, coverage]) => {
      if (coverage === 'rule') return ids.has(id) ? [] : [`${id}: no such rule`];
      if ('rules' in coverage) {
        const gone = coverage.rules.filter(rule => !ids.has(rule));
        return coverage.rules.length > 0 && gone.length === 0 ? [] : [`${id}: no rule ${gone.join(', ')}`];
      }
      return coverage.reason.length >= 40 ? [] : [`${id}: the reason is too short to be one`];
    });
    assert.deepEqual(open, []);
  });

  test('what has a reason is not a rule after all', () => {
    const both = entries.filter(([id, coverage]) => coverage !== 'rule' && ids.has(id)).map(([id]) => id);
    assert.deepEqual(both, []);
  });

  test('nine in ten are rules', function () {
    const covered = entries.filter(([, coverage]) => coverage === 'rule' || 'rules' in coverage).length;
    const title = `${covered} of ${entries.length} are rules, ${entries.length - covered} have a reason`;
    if (this.test) this.test.title = title;
    assert.ok(covered >= entries.length * 0.9, title);
  });
});
