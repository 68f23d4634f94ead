import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseShellScript, type ShellScript } from '../../../server/syntax/shellAssignment.ts';
import { toLines } from '../../../server/text/lines.ts';

/**
 * Scripts with what dash made of them: whether sourcing them failed, else the values of the two variables. Recorded with
 * dash 0.5.12 by sourcing each text with `set -e` and printing the variables.
 */
interface Verdict {
  readonly text: string;
  readonly ok: boolean;
  readonly default?: string;
  readonly common?: string;
}

const verdicts: readonly Verdict[] = readFileSync(new URL('dash.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Verdict);

/** The values after a script, `undefined` where they depend on what only a run can tell. */
function run(script: ShellScript): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const { name, value, holds } of script.assignments) {
    if (holds === false) continue;
    let text: string | undefined = holds === 'maybe' ? undefined : '';
    for (let at = 0; at < value.text.length && text !== undefined; at++) {
      const expansion = value.expansionAt(at);
      if (!expansion) text += value.text[at];
      else if (expansion.variable === undefined) text = undefined;
      else {
        const held: string | undefined = values.has(expansion.variable) ? values.get(expansion.variable) : '';
        text = held === undefined ? undefined : text + held;
      }
    }
    values.set(name.text, text);
  }
  return values;
}

suite('shell assignments: agreement with dash', () => {
  test('every script that dash refuses has a problem, and no other has one that would stop it', () => {
    assert.ok(verdicts.length > 200);
    for (const { text, ok } of verdicts) {
      const { problems } = parseShellScript(toLines(text));
      if (ok)
        assert.deepEqual(
          problems.filter(({ kind }) => kind !== 'unquoted'),
          [],
          text,
        );
      else assert.notEqual(problems.length, 0, text);
    }
  });

  test('values are those of dash wherever the text alone decides', () => {
    let decided = 0;
    for (const { text, ok, default: byDefault, common } of verdicts) {
      if (!ok) continue;
      const values = run(parseShellScript(toLines(text)));
      const wanted = { GRUB_CMDLINE_LINUX_DEFAULT: byDefault, GRUB_CMDLINE_LINUX: common };
      for (const [name, value] of Object.entries(wanted)) {
        const ours = values.has(name) ? values.get(name) : '';
        if (ours === undefined) continue;
        assert.equal(ours, value, `${name} of ${JSON.stringify(text)}`);
        decided++;
      }
    }
    assert.ok(decided > 350);
  });
});
