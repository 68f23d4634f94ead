import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { vmConf } from '../../server/languages/vmConf/vmConf.ts';
import { rules } from '../../server/rules/index.ts';
import type { Example, Rule } from '../../server/rules/rule.ts';
import { languagesOf } from '../../server/rules/run.ts';
import { openSite } from '../support/check.ts';
import { readMarks } from '../support/marked.ts';
import type { Site } from '../support/site.ts';

/** `mayFind` spares a check on most files; where it says no, the check itself must find nothing. */

const sparing = rules.filter(rule => rule.mayFind);

/** Asks the rules that would be spared all the same, on each file of a site. Answers how many were. */
function askSpared(site: Site): number {
  let spared = 0;
  for (const file of site.world.files.values()) {
    for (const rule of sparing) {
      const isForIt = languagesOf(rule).some(({ id }) => id === file.place.language);
      if (!isForIt || rule.mayFind?.(file, site.world) !== false) continue;
      spared++;
      const messages = [...rule.check(file, site.world)].map(one => one.message);
      assert.deepEqual(messages, [], `${rule.id} was not to be asked about\n${file.lines.join('\n')}`);
    }
  }
  return spared;
}

function siteOf(rule: Rule, text: string, { path, host }: Example): Site {
  const options = { language: rule.language, ...(path === undefined ? {} : { path }) };
  return openSite(text, { ...options, ...(host === undefined ? {} : { host }) });
}

const startTexts = readFileSync(new URL('../verdicts/vm-start.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => (JSON.parse(line) as { text: string }).text);

suite('what rules may find', () => {
  test('a rule that is spared finds nothing in the examples of all rules', () => {
    let spared = 0;
    for (const rule of rules) {
      for (const example of rule.examples) {
        for (const text of [example.bad, example.good]) spared += askSpared(siteOf(rule, text, example));
      }
    }
    assert.ok(spared > 20_000, `${spared} checks were spared`);
  });

  test('nor in VMs that Proxmox was seen to start, or to refuse', () => {
    let spared = 0;
    for (const text of startTexts)
      spared += askSpared(openSite(readMarks(text).text, { language: vmConf, host: true }));
    assert.ok(spared > 100_000, `${spared} checks were spared`);
  });
});
