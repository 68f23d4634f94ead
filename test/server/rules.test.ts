import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { renderCatalogue, renderTexts } from '../../server/rules/catalogue.ts';
import { rules } from '../../server/rules/index.ts';
import { checkExamples } from '../support/check.ts';

suite('rules', () => {
  for (const rule of rules) {
    test(`${rule.id}: its own examples`, () => checkExamples(rule));
  }

  test('every rule says what, why and where the fact comes from', () => {
    for (const { id, docs, examples } of rules) {
      assert.match(id, /^[a-z]+\/[a-z0-9-]+$/);
      for (const text of [docs.what, docs.why, docs.source]) assert.ok(text.trim().length >= 8, `${id}: ${text}`);
      assert.ok(examples.length > 0, `${id} has no example`);
    }
  });

  test('server/rules/README.md is what the rules say', () => {
    const page = readFileSync(new URL('../../server/rules/README.md', import.meta.url), 'utf8');
    assert.equal(page, renderCatalogue(rules), 'run: npm run docs');
  });

  test('server/data/rules.json is what the rules say', () => {
    const texts = readFileSync(new URL('../../server/data/rules.json', import.meta.url), 'utf8');
    assert.equal(texts, renderTexts(rules), 'run: npm run docs');
  });
});
