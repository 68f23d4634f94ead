import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type MappingKind, mapEntries } from '../../../server/languages/pciMapping/config.ts';
import { isStored, readMappings } from '../../../server/languages/pciMapping/read.ts';
import { parseSectionConfig } from '../../../server/syntax/sectionConfig.ts';
import { toLines } from '../../../server/text/lines.ts';

/** What PVE::Mapping::PCI, ::USB and ::Dir made of a text: see test/verdicts/README.md. */
interface Verdict {
  readonly kind: MappingKind;
  readonly text: string;
  /** Lines that were warned about, from 0. */
  readonly warned: readonly number[];
  /** Ids of sections that were dropped for lack of a `map`, in order. */
  readonly skipped: readonly string[];
  /** Ids that exist afterwards, with the number of their `map` values; 0 where the section was dropped. */
  readonly ids: Readonly<Record<string, number>>;
}

const verdicts = readFileSync(new URL('../../verdicts/mapping.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as Verdict);

suite("mapping: agreement with Proxmox's reader", () => {
  test('every line that it warns about is a problem, and no other', () => {
    for (const verdict of verdicts) {
      const problems = readMappings(parse(verdict), verdict.kind);
      const lines = new Set(problems.filter(({ code }) => code !== 'missing-map').map(({ line }) => line));
      assert.deepEqual([...lines], verdict.warned, JSON.stringify(verdict.text));
    }
  });

  test('the same sections are dropped, and the same are kept with as many map lines', () => {
    for (const verdict of verdicts) {
      const tree = parse(verdict);
      const dropped = readMappings(tree, verdict.kind).filter(({ code }) => code === 'missing-map');
      assert.deepEqual(
        dropped.map(({ token }) => token.text),
        verdict.skipped,
        JSON.stringify(verdict.text),
      );
      assert.deepEqual(keptOf(verdict), verdict.ids, JSON.stringify(verdict.text));
    }
  });

  test('the verdicts cover every kind of file and of problem', () => {
    const codes = new Set(verdicts.flatMap(one => readMappings(parse(one), one.kind).map(({ code }) => code)));
    for (const code of [
      'ignored-line',
      'header-in-section',
      'blank-line',
      'section-id',
      'duplicate-key',
      'no-value',
      'missing-map',
      'unknown-key',
      'value',
      'sub-value',
      'sub-unknown',
      'sub-missing',
      'sub-duplicate',
      'sub-incomplete',
      'sub-no-default-key',
    ] as const) {
      assert.ok(codes.has(code), code);
    }
    assert.deepEqual([...new Set(verdicts.map(({ kind }) => kind))].sort(), ['dir', 'pci', 'usb']);
  });
});

const parse = ({ text }: Verdict) => parseSectionConfig(toLines(text), 'id');

/** Of two sections with one id the later one counts. */
function keptOf(verdict: Verdict): Record<string, number> {
  const tree = parse(verdict);
  const problems = readMappings(tree, verdict.kind);
  const kept: Record<string, number> = {};
  for (const section of tree.sections) {
    const bad = new Set(problems.filter(one => one.section === section).map(({ line }) => line));
    if (problems.some(one => one.section === section && one.code === 'section-id')) continue;
    const valid = [...mapEntries(tree, section)].filter(({ line }) => !bad.has(line)).length;
    kept[section.id.text] = isStored(tree, section, verdict.kind) ? valid : 0;
  }
  return kept;
}
