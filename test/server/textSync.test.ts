import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Language } from '../../server/languages/language.ts';
import { vmConf } from '../../server/languages/vmConf/vmConf.ts';
import { toRange, toTextEdit } from '../../server/services/convert.ts';
import { applyEdits } from '../../server/text/edit.ts';
import { fromLines, type Lines, replace, toLines } from '../../server/text/lines.ts';
import { around, openSite } from '../support/check.ts';

/** Our own arrays of lines against the reference implementation of LSP's documents. */

const pieces = ['', 'x', '\n', '\r\n', 'hostpci0: 01:00', '\u{1F600}', 'a\nb\n', ' '];

suite('texts as lines', () => {
  test('any change leaves what LSP says it leaves', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      let lines: Lines = toLines('machine: q35\r\nhostpci0: 01:00,pcie=1\n\n[snap]\nmemory: 1');
      const document = TextDocument.create('file:///x', 'x', 1, fromLines(lines));
      for (let step = 0; step < 8; step++) {
        const from = place(lines, random);
        const to = place(lines, random);
        const [start, end] =
          from.line < to.line || (from.line === to.line && from.column <= to.column) ? [from, to] : [to, from];
        const where = { line: start.line, start: start.column, endLine: end.line, end: end.column };
        const text = pieces[random(pieces.length)] as string;
        TextDocument.update(document, [{ range: toRange(where), text }], step + 2);
        lines = replace(lines, where, text);
        assert.equal(fromLines(lines), document.getText());
      }
    }
  });

  test('several edits at once leave what LSP says they leave', () => {
    const site = openSite('memory: 2048\nbios: ovmf\n', { language: vmConf, host: true });
    const edits =
      (vmConf as Language).takeDevices?.(
        site.file,
        { line: 0, column: 0 },
        ['0000:01:00.0', '0000:03:00.0'],
        around(site),
      ) ?? [];
    const document = TextDocument.create('file:///x', 'x', 1, fromLines(site.file.lines));
    assert.ok(edits.length > 0);
    assert.equal(
      fromLines(applyEdits(site.file.lines, edits)),
      TextDocument.applyEdits(document, edits.map(toTextEdit)),
    );
  });
});

/** A place where an editor lets the cursor go: not between a carriage return and its line feed. */
function place(lines: Lines, random: (below: number) => number): { line: number; column: number } {
  const line = random(lines.length);
  return { line, column: random((lines[line] ?? '').replace(/\r$/, '').length + 1) };
}
