import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { rules } from '../../server/rules/index.ts';

const dist = new URL('../../dist/', import.meta.url);

/** What the build makes of the sources. */
suite('the bundles', () => {
  test('do without what the rules say of themselves', () => {
    const names = readdirSync(dist).filter(name => name.endsWith('.cjs'));
    assert.ok(names.includes('session.cjs') && names.includes('cli.cjs'));
    for (const name of names) {
      const bundle = readFileSync(new URL(name, dist), 'utf8');
      const left = rules.filter(({ docs, examples: [example] }) =>
        [docs.why, docs.source, JSON.stringify(example?.good ?? '').slice(1, -1)].some(
          text => text.length > 40 && bundle.includes(text),
        ),
      );
      assert.deepEqual(
        left.map(rule => rule.id),
        [],
        name,
      );
    }
  });
});
