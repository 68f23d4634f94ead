import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { MappingKind } from '../../../server/languages/pciMapping/config.ts';
import { docOf, kindDocs } from '../../../server/languages/pciMapping/docs.ts';
import { mappingSchemas } from '../../../server/languages/pciMapping/schema.ts';
import { formats } from '../../../server/languages/vmConf/formats.ts';
import { compiled } from '../../../server/languages/vmConf/readProperties.ts';
import type { ValueSchema } from '../../../server/languages/vmConf/schema.ts';

/** The table in schema.ts is written by hand; the data beside it is the reference. */
interface RawProperty {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly optional: boolean;
  readonly requiredInSection?: boolean;
  readonly items?: { readonly properties: Readonly<Record<string, RawProperty>> };
}

const raw = JSON.parse(
  readFileSync(new URL('../../../server/languages/pciMapping/data/mapping-schema.json', import.meta.url), 'utf8'),
) as {
  readonly kinds: Readonly<
    Record<
      MappingKind,
      {
        readonly properties: Readonly<Record<string, RawProperty>>;
        readonly startChecks: { readonly severalMapsForOneNode: string };
      }
    >
  >;
  readonly formats: Readonly<Record<string, { readonly regex: string }>>;
  readonly meta: { readonly sources: readonly { readonly package: string; readonly version: string }[] };
};

const samples = [
  'pve1',
  '-x',
  'a-',
  'a.b',
  '10de:1234',
  '10DE:1234',
  '10de',
  '0000:01:00.0',
  '0000:01:00',
  '01:00.0',
  '0000:01:00.0;0000:02:00',
  '0000:01:00.0;',
  '1-4.2',
  '1-',
  '/srv/x',
  'srv',
  '/',
  '/a b',
  '',
  '0000:01:00:0',
];

suite('mappings: the table agrees with the data', () => {
  for (const kind of ['pci', 'usb', 'dir'] as const) {
    test(`${kind}: properties`, () => {
      const wanted = raw.kinds[kind].properties;
      const mine = mappingSchemas[kind].properties;
      assert.deepEqual(Object.keys(mine).sort(), Object.keys(wanted).sort());
      for (const [key, property] of Object.entries(wanted)) {
        assert.equal(mine[key]?.required === true, property.requiredInSection === true, key);
        assert.equal(mine[key]?.repeatable === true, property.type === 'array', key);
        assert.equal(mine[key]?.maxLength, property.maxLength, key);
        if (property.type !== 'array') assert.equal(mine[key]?.type, property.type, key);
      }
    });

    test(`${kind}: sub-properties of map, with values that the data accepts and no others`, () => {
      const wanted = raw.kinds[kind].properties.map?.items?.properties ?? {};
      const mine = mappingSchemas[kind].properties.map?.properties ?? {};
      assert.deepEqual(Object.keys(mine).sort(), Object.keys(wanted).sort());
      for (const [key, property] of Object.entries(wanted)) {
        assert.equal(mine[key]?.required === true, !property.optional, key);
        assert.equal(mine[key]?.maxLength, property.maxLength, key);
        for (const sample of samples) {
          assert.equal(accepts(mine[key] as ValueSchema, sample), rawAccepts(property, sample), `${key}=${sample}`);
        }
      }
    });

    test(`${kind}: every key has a text`, () => {
      assert.ok(kindDocs[kind]);
      for (const key of Object.keys(mappingSchemas[kind].properties)) assert.ok(docOf(kind, key, false), key);
      for (const key of Object.keys(mappingSchemas[kind].properties.map?.properties ?? {}))
        assert.ok(docOf(kind, key, true), `map.${key}`);
    });

    test(`${kind}: what several lines for one node mean`, () => {
      const isError = raw.kinds[kind].startChecks.severalMapsForOneNode === 'error';
      assert.equal(mappingSchemas[kind].severalPerNode, isError ? 'error' : 'alternatives');
    });
  }
});

function accepts(schema: ValueSchema, text: string): boolean {
  if (schema.pattern !== undefined) return compiled(schema.pattern).test(text);
  return schema.format ? formats[schema.format].check(text) === undefined : true;
}

function rawAccepts({ pattern, format }: RawProperty, text: string): boolean {
  const regex = pattern ?? (format === undefined ? undefined : raw.formats[format]?.regex);
  return regex === undefined ? true : new RegExp(regex).test(text);
}
