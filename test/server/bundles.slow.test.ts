import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rules } from '../../server/rules/index.ts';

/** What the build makes of the sources. */
suite('the bundles', () => {
  test('do without what the rules say of themselves', () => {
    for (const name of ['session.cjs', 'cli.cjs']) {
      const bundle = readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
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
