import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import type { Report, Rule } from '../../../server/rules/rule.ts';
import { type RuleSet, ruleSet, runRules } from '../../../server/rules/run.ts';
import { rethrow } from '../../support/check.ts';
import { readFile, readSite, siteRoot } from '../../support/site.ts';
import { notDecidable } from './notDecidable.ts';
import { areas, startHost, startSite } from './startFixture.ts';

interface Start {
  readonly id: number;
  readonly text: string;
  readonly verdict: { readonly ok: boolean; readonly error_code?: string; readonly warning_codes?: readonly string[] };
}

const starts = readFileSync(new URL('../../verdicts/vm-start.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Start);

/** The real program's warnings with our rules about them. */
const warnings: Readonly<Record<string, string>> = {
  'drive-burst-without-limit': 'drive/burst-without-limit',
  'efidisk-ignored-cvm': 'vm/efidisk-ignored',
  'iothread-ignored': 'drive/iothread-ignored',
  'mtu-ignored': 'net/mtu-ignored',
  'ovmf-phys-bits-40': 'cpu/phys-bits',
  'ovmf-without-efidisk': 'vm/ovmf-without-efidisk',
  'usb-spice-boot-ignored': 'vm/usb-boot-ignored',
};

suite('what a start says', () => {
  let rules: RuleSet;
  const { world } = readSite(startSite, { host: startHost });

  suiteSetup(async () => {
    const folder = new URL('../../../server/rules/', import.meta.url);
    const names = areas.flatMap(area => readdirSync(new URL(`${area}/`, folder)).map(name => `${area}/${name}`));
    const modules = await Promise.all(names.map(name => import(new URL(name, folder).href)));
    rules = ruleSet(
      modules.flatMap(module => Object.values(module) as Rule[]).filter(rule => rule.language.id === vmConf.id),
    );
  });

  const known = new Map<string, readonly Report[]>();
  /** Each text is judged once; three tests ask about it. */
  const reportsOf = (text: string): readonly Report[] => {
    const reports = known.get(text) ?? judge(text);
    known.set(text, reports);
    return reports;
  };
  const judge = (text: string): readonly Report[] => {
    const file = readFile(`${siteRoot}/etc/pve/nodes/pve1/qemu-server/100.conf`, text, vmConf);
    const here = { ...world, files: new Map(world.files).set(file.uri, file) };
    return runRules(rules, file, here, rethrow);
  };
  const errorsOf = (text: string): readonly Report[] => reportsOf(text).filter(({ severity }) => severity === 'error');

  const good = starts.filter(({ verdict }) => verdict.ok);
  test(`no error on any of the ${good.length} configs that start`, () => {
    const wrong = good.flatMap(({ id, text }) =>
      errorsOf(text).map(({ rule, message }) => `${id} ${rule}: ${message}`),
    );
    assert.deepEqual(wrong, []);
  });

  const bad = starts.filter(({ verdict }) => !verdict.ok && !notDecidable[verdict.error_code ?? '']);
  for (const code of [...new Set(bad.map(({ verdict }) => verdict.error_code ?? ''))].sort()) {
    const members = bad.filter(({ verdict }) => verdict.error_code === code);
    test(`${code}: an error on each of ${members.length}`, () => {
      const missed = members.filter(({ text }) => errorsOf(text).length === 0);
      assert.deepEqual(
        missed.map(({ id }) => id),
        [],
      );
    });
  }

  test('each warning of a start has its rule, and the other way round', () => {
    const wrong = starts.flatMap(({ id, text, verdict }) => {
      const found = new Set(reportsOf(text).map(({ rule }) => rule));
      return Object.entries(warnings).flatMap(([code, rule]) => {
        const isReal = verdict.warning_codes?.includes(code) ?? false;
        // A start that fails may fail before it comes to the warning.
        return isReal === found.has(rule) || (!verdict.ok && !isReal) ? [] : [`${id} ${code}: ${isReal}`];
      });
    });
    assert.deepEqual(wrong, []);
  });

  test('every reason for leaving one out is about a failure that is there', () => {
    const codes = new Set(starts.map(({ verdict }) => verdict.error_code));
    for (const code of Object.keys(notDecidable)) assert.ok(codes.has(code), code);
  });
});
