import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type CtReasonCode, readLine } from '../../../server/languages/ctConf/read.ts';
import { type CtLine, parseCtConf, sectionAt } from '../../../server/languages/ctConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';

/** What PVE::LXC::Config made of a line: see test/verdicts/README.md. */
interface Verdict {
  readonly line: string;
  readonly section: '' | 'pending';
  /** The warning, in short; absent where there is none. */
  readonly warned?: 'syntax' | 'unknown-key' | 'value' | 'delete' | 'renamed' | 'cgroup1' | 'taken';
}

const verdicts = readFileSync(new URL('../../verdicts/ct-conf.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as Verdict);

suite("containers: agreement with Proxmox's reader", () => {
  test('every line that it warns about has a reason of the same kind, and no other line has one', () => {
    for (const verdict of verdicts) {
      // Which time zones exist is the host's knowledge; ours is their shape.
      if (isZone(verdict.line)) continue;
      const reasons = reasonsOf(verdict);
      const kinds = new Set(reasons.map(({ code }) => warningOf[code] ?? 'value'));
      const expected = verdict.warned === undefined ? [] : [verdict.warned];
      assert.deepEqual([...kinds], expected, JSON.stringify(verdict.line));
    }
  });

  test('every reason is on a stretch of the line', () => {
    for (const verdict of verdicts) {
      for (const { token, code } of reasonsOf(verdict)) {
        assert.equal(
          verdict.line.slice(token.start, token.end),
          token.text,
          `${code} in ${JSON.stringify(verdict.line)}`,
        );
      }
    }
  });

  test('no time zone that it takes is refused', () => {
    const zones = verdicts.filter(({ line, warned }) => isZone(line) && warned === undefined);
    assert.ok(zones.length > 3);
    for (const verdict of zones) assert.deepEqual(reasonsOf(verdict), [], verdict.line);
  });
});

const isZone = (line: string): boolean => /^timezone:[ ]*[A-Za-z/_]+[ ]*$/.test(line);

/** Our kinds of reason in the words of the verdicts; everything else is about a value. */
const warningOf: Partial<Record<CtReasonCode, Verdict['warned']>> = {
  syntax: 'syntax',
  'raw-unknown': 'syntax',
  'unknown-key': 'unknown-key',
  'delete-outside-pending': 'delete',
  'raw-renamed': 'renamed',
  'raw-cgroup1': 'cgroup1',
  'raw-taken': 'taken',
};

function reasonsOf({ line, section }: Verdict) {
  const tree = parseCtConf(toLines(section === 'pending' ? `[pve:pending]\n${line}` : line));
  const at = tree.lines.length - 1;
  return readLine(tree.nodes[at] as CtLine, sectionAt(tree, at));
}
