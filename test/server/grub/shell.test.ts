import assert from 'node:assert/strict';
import { parseCommandLine } from '../../../server/syntax/commandLine.ts';
import { parseShellScript } from '../../../server/syntax/shellAssignment.ts';
import { textOf, toLines } from '../../../server/text/lines.ts';
import type { Span } from '../../../server/text/span.ts';
import { rounds } from '../../support/rounds.ts';

const seed = `# comment "with quote
GRUB_DISTRIBUTOR=\`( . /etc/os-release && echo \${NAME} )\`
export GRUB_CMDLINE_LINUX_DEFAULT="quiet \\"a b\\" $X \\
intel_iommu=on" # tail
if [ -f /x ]; then GRUB_CMDLINE_LINUX='pci="x y"'; fi
cat <<EOF
here
EOF
`;

/** True where `inner` lies in the text of `lines`. */
const isInside = (lines: readonly string[], { line, start, endLine, end }: Span): boolean =>
  (line < endLine || (line === endLine && start <= end)) &&
  end <= (lines[endLine]?.length ?? -1) &&
  start <= (lines[line]?.length ?? -1);

suite('shell assignments', () => {
  test('columns are exact through quotes, escapes and continued lines', () => {
    const lines = toLines(seed);
    const [, assignment] = parseShellScript(lines).assignments;
    assert.ok(assignment);
    const written = parseCommandLine(assignment.value).parameters.map(({ whole }) => textOf(lines, whole.span));
    assert.deepEqual(written, ['quiet', '\\"a b\\"', '$X', 'intel_iommu=on']);
    const [, quoted] = parseCommandLine(assignment.value).parameters;
    assert.equal(textOf(lines, quoted!.name.span), 'a b');
  });

  test('an empty value has its place between the quotes', () => {
    for (const [text, column] of [
      ['X=""', 3],
      ["X=''", 3],
      ['X=', 2],
      ['export X=""', 10],
    ] as const) {
      const span = parseCommandLine(parseShellScript([text]).assignments[0]!.value).span;
      assert.deepEqual([span.start, span.end], [column, column], text);
    }
  });

  test('a missing quote costs one line', () => {
    const script = parseShellScript(['AA="x y', 'BB="z"']);
    assert.deepEqual(
      script.assignments.map(({ name, value }) => [name.text, value.text]),
      [
        ['AA', 'x y'],
        ['BB', 'z'],
      ],
    );
    assert.deepEqual(
      script.problems.map(({ kind, span }) => [kind, span.line, span.end]),
      [['unclosed', 0, 7]],
    );
  });

  test('whatever is typed, words and comments cover the text, and every span lies in it', () => {
    const stride = Math.max(1, Math.floor(seed.length / rounds(40)));
    for (let at = 0; at <= seed.length; at += stride) {
      for (const char of ['', '"', "'", '`', '\\', '$', '(', ')', '\n', '\r', '#', '=', '\u{1F600}']) {
        const lines = toLines(seed.slice(0, at) + char + seed.slice(at + 1));
        const script = parseShellScript(lines);
        const left = lines.map(line => line.split(''));
        for (const span of [...script.words, ...script.comments]) {
          assert.ok(isInside(lines, span));
          for (let line = span.line; line <= span.endLine; line++) {
            const from = line === span.line ? span.start : 0;
            const to = line === span.endLine ? span.end : (lines[line] as string).length;
            for (let column = from; column < to; column++) (left[line] as string[])[column] = ' ';
          }
        }
        assert.match(left.map(line => line.join('')).join('\n'), /^[ \t\n\\;&|()<>-]*$/);
        for (const { value, name, written, statement } of script.assignments) {
          for (const span of [name.span, written, statement, value.spanOf(0, value.text.length)])
            assert.ok(isInside(lines, span));
        }
      }
    }
  });

  test('many quotes and brackets that are never closed take time in proportion', () => {
    // A reader that grows faster than its text takes minutes here; the runner's own limit tells.
    for (const piece of ['"$(', '`', '${', "'\n", 'A="\n', '$('])
      assert.ok(parseShellScript(toLines(piece.repeat(50_000))));
  });
});
