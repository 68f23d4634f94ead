import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ctTable } from '../../../server/languages/ctConf/ctTable.generated.ts';
import { type CtDocs, rawDocs } from '../../../server/languages/ctConf/docs.ts';
import { rawKeys, rawVerdict } from '../../../server/languages/ctConf/rawKeys.ts';
import { formats } from '../../../server/languages/vmConf/formats.ts';
import { library } from '../../support/check.ts';
import { committedCtTable, rawCtSchema, renderCtTable } from '../../tools/makeCtSchema.mts';

suite('containers: schema and texts', () => {
  test('the committed table is what the generator makes of the data', () => {
    assert.equal(committedCtTable(), renderCtTable(rawCtSchema()), 'run: npx tsx test/tools/makeCtSchema.mts');
  });

  test('the data says where it comes from', () => {
    for (const { package: name, version, commit } of rawCtSchema().meta.sources) {
      assert.match(`${name} ${version} ${commit}`, /^[a-z-]+ [0-9.]+ [0-9a-f]{40}$/);
    }
    assert.equal(ctTable.version, rawCtSchema().meta.sources[0]?.version);
  });

  test('every format that it names is known', () => {
    const named = [...Object.values(ctTable.options), ...Object.values(ctTable.families)].flatMap(option => [
      option.format,
      ...Object.values(option.properties ?? {}).map(({ format }) => format),
    ]);
    for (const format of new Set(named)) assert.ok(format === undefined || formats[format], format);
  });

  test('every option, sub-property, enum value of a lock and key of LXC has a text', () => {
    const docs = library.read<CtDocs>('ct-docs') as CtDocs;
    const options = { ...docs.keys, ...docs.families };
    for (const [name, schema] of Object.entries({ ...ctTable.options, ...ctTable.families })) {
      assert.ok(options[name]?.text, name);
      assert.ok(docs.effects[options[name]?.applies ?? ''], name);
      const properties = Object.keys(schema.properties ?? {}).sort();
      assert.deepEqual(Object.keys(options[name]?.properties ?? {}).sort(), properties, name);
    }
    for (const lock of ctTable.options.lock?.enum ?? []) assert.ok(docs.keys.lock?.values?.[lock], lock);
    for (const key of rawKeys()) assert.ok(rawDocs(docs, key), key);
  });

  test('a key that is offered is a key that is passed on', () => {
    for (const key of rawKeys()) assert.deepEqual(rawVerdict(key), { kind: 'valid' }, key);
  });

  test('the texts are not longer than a hover should be', () => {
    const text = readFileSync(new URL('../../../server/data/ct-docs.json', import.meta.url), 'utf8');
    const longest = Math.max(...[...text.matchAll(/"text": "((?:[^"\\]|\\.)*)"/g)].map(found => found[1]?.length ?? 0));
    assert.ok(longest < 600, String(longest));
  });
});
