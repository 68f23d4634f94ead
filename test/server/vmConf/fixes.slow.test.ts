import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { rules } from '../../../server/rules/index.ts';
import type { Fix, Report } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines } from '../../../server/text/lines.ts';
import { rethrow } from '../../support/check.ts';
import { readFile, readSite, siteRoot } from '../../support/site.ts';
import { areas, startHost, startSite } from './startFixture.ts';

const texts = ['vm-conf', 'vm-start'].flatMap(name =>
  readFileSync(new URL(`../../verdicts/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { text: string }).text),
);

suite('VM conf: fixes', () => {
  const { world } = readSite(startSite, { host: startHost });
  const set = ruleSet(
    rules.filter(rule => rule.language.id === vmConf.id && areas.includes(rule.id.replace(/\/.*/, ''))),
  );
  const uri = `${siteRoot}/etc/pve/nodes/pve1/qemu-server/100.conf`;

  const reportsOf = (text: string): readonly Report[] => {
    const file = readFile(uri, text, vmConf);
    return runRules(set, file, { ...world, files: new Map(world.files).set(uri, file) }, rethrow);
  };

  const applied = (text: string, fix: Fix): string => {
    const edits = fix.edits.filter(edit => edit.uri === uri);
    return fromLines(applyEdits(text.split('\n'), edits));
  };

  test('every fix changes the text and takes its finding away', () => {
    const seen = new Map<string, number>();
    for (const text of texts) {
      const before = reportsOf(text);
      for (const report of before) {
        for (const fix of report.fixes ?? []) {
          const times = seen.get(report.rule) ?? 0;
          seen.set(report.rule, times + 1);
          if (times < 20) checkFix(text, before, report, fix);
        }
      }
    }
    assert.ok(seen.size > 40, `fixes of ${seen.size} rules only`);
  });

  function checkFix(text: string, before: readonly Report[], report: Report, fix: Fix): void {
    const after = applied(text, fix);
    const where = `${report.rule}: ${fix.title}\n${text}\n→\n${after}`;
    assert.notEqual(after, text, where);
    // Where one fault hides another, as many findings can be left as there were, but fewer in all or not the same.
    const left = reportsOf(after);
    const ofRule = (all: readonly Report[]): readonly Report[] => all.filter(({ rule }) => rule === report.rule);
    const isSame = (one: Report): boolean => one.message === report.message && one.span.start === report.span.start;
    const isFewer = left.length < before.length || ofRule(left).length < ofRule(before).length;
    assert.ok(isFewer || !ofRule(left).some(isSame), where);
  }
});
