import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { emptyInventory } from '../../../host/inventory.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import type { Report, Rule } from '../../../server/rules/rule.ts';
import { type RuleSet, ruleSet, runRules } from '../../../server/rules/run.ts';
import { rethrow } from '../../support/check.ts';
import { readSite } from '../../support/site.ts';

interface Snippet {
  readonly class: string;
  readonly id: number;
  readonly text: string;
  readonly verdict: { readonly lines: readonly { readonly line: number; readonly status: string }[] };
}

const snippets = readFileSync(new URL('../../verdicts/vm-conf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Snippet);

/** The machine that gave the verdicts: its custom CPU models. */
const models = 'cpu-model: mymodel\n\tflags +aes\n\ncpu-model: win-gpu\n\tflags +aes\n';
const host = {
  ...emptyInventory,
  files: new Map([['/etc/pve/virtual-guest/cpu-models.conf', { text: models, modifiedAt: undefined }]]),
};

suite("vmconf rules agree with Proxmox's parser", () => {
  let rules: RuleSet;

  suiteSetup(async () => {
    const folder = new URL('../../../server/rules/vmconf/', import.meta.url);
    const modules = await Promise.all(readdirSync(folder).map(name => import(new URL(name, folder).href)));
    rules = ruleSet(modules.flatMap(module => Object.values(module) as Rule[]));
  });

  const classOf = (snippet: Snippet): string => snippet.class.replace(/\+.*/, '');
  for (const name of new Set(snippets.map(classOf))) {
    const members = snippets.filter(snippet => classOf(snippet) === name);
    const lines = members.reduce((sum, { verdict }) => sum + verdict.lines.length, 0);
    test(`${name}: ${lines} lines, an error on each that is refused and on no other`, () => {
      for (const snippet of members) compare(snippet, rules);
    });
  }
});

function compare({ id, text, verdict }: Snippet, rules: RuleSet): void {
  const { world, file } = readSite(text, { language: vmConf, host });
  const errors = runRules(rules, file, world, rethrow).filter(report => report.severity === 'error');
  const refused = verdict.lines.filter(({ status }) => status === 'rejected' || status === 'warned');
  const found = [...new Set(errors.map(({ span }) => span.line + 1))];
  const detail = (): string => `snippet ${id}: ${JSON.stringify(text)}\n${errors.map(shown).join('\n')}`;
  assert.deepEqual(
    found,
    refused.map(({ line }) => line),
    detail(),
  );
  for (const { span } of errors) {
    const length = file.lines[span.line]?.length ?? 0;
    assert.ok(span.line === span.endLine && span.start <= span.end && span.end <= length, detail());
    assert.ok(span.start < span.end || length === span.start, `zero-width: ${detail()}`);
  }
}

const shown = ({ rule, span, message }: Report): string => `${span.line + 1}:${span.start} ${rule} ${message}`;
