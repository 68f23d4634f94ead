import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readBySh } from '../../../server/languages/sysfs/readers.ts';
import { parseSysfs } from '../../../server/languages/sysfs/tree.ts';

/**
 * Lines with what the init script of sysfsutils 2.1.1-4 (Debian 12) did with them, run with dash on a directory in place of
 * /sys: whether it stopped with a syntax error, and what it wrote into `class/x/y`.
 */
interface Verdict {
  readonly line: string;
  readonly syntaxError: boolean;
  readonly unknown: boolean;
  readonly written?: string;
  readonly mode?: string;
}

const verdicts: readonly Verdict[] = readFileSync(new URL('debian12.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Verdict);

suite('sysfs.conf: agreement with the script of Debian 12', () => {
  test('it stops at the same lines', () => {
    assert.ok(verdicts.length > 75);
    for (const { line, syntaxError } of verdicts)
      assert.equal(readBySh(line).does === 'stop', syntaxError, JSON.stringify(line));
  });

  test('it writes the same values and changes the same modes', () => {
    for (const { line, written, mode } of verdicts) {
      const reading = readBySh(line);
      if (written !== undefined) {
        assert.ok(reading.does === 'write', line);
        assert.equal(reading.value.text, written);
      }
      if (mode !== undefined) assert.equal(reading.does, 'mode', line);
    }
  });
});

suite('sysfs.conf: the tree', () => {
  const seed = ' mode class/x/y = 0644 # note';

  test('whatever is typed, the tokens hold every character that is no blank and no "="', () => {
    for (let at = 0; at <= seed.length; at++) {
      for (const char of ['', '=', '#', ' ', '/', '\r', '\t', '\u00a0', '\u{1F600}', '\\']) {
        const text = seed.slice(0, at) + char + seed.slice(at + 1);
        const [line] = parseSysfs([text]).lines;
        assert.ok(line);
        const left = text.split('');
        for (const { start, end, text: part } of [line.keyword, line.path, line.stray, line.value, line.comment]) {
          assert.equal(text.slice(start, end), part);
          for (let column = start; column < end; column++) left[column] = ' ';
        }
        assert.match(left.join(''), /^[\s=]*$/, JSON.stringify(text));
      }
    }
  });

  test('lines that did not change are kept', () => {
    const before = parseSysfs(['a = 1', 'b = 2', 'c = 3']);
    const after = parseSysfs(['a = 1', 'b = 4', 'c = 3'], before);
    assert.equal(after.lines[0], before.lines[0]);
    assert.notEqual(after.lines[1], before.lines[1]);
    assert.equal(after.lines[2], before.lines[2]);
  });
});
