import assert from 'node:assert/strict';
import { type CommandLine, parseCommandLine, sourcedLine } from '../../../server/syntax/commandLine.ts';
import { textOf } from '../../../server/text/lines.ts';

const parse = (text: string): CommandLine => parseCommandLine(sourcedLine([text], 0));

/** Name and value of each parameter; a parameter without `=` has no value. */
const pairs = (text: string): readonly (readonly string[])[] =>
  parse(text).parameters.map(one => (one.hasEquals ? [one.name.text, one.value.text] : [one.name.text]));

suite('kernel command line', () => {
  test('is split at blanks of every kind', () => {
    assert.deepEqual(pairs(' root=/dev/sda1\tquiet  ro\r'), [['root', '/dev/sda1'], ['quiet'], ['ro']]);
  });

  test('double quotes keep blanks, around a value and around a parameter', () => {
    assert.deepEqual(pairs('dyndbg="file drivers/usb/* +p" "a=b c" x'), [
      ['dyndbg', 'file drivers/usb/* +p'],
      ['a', 'b c'],
      ['x'],
    ]);
  });

  test('single quotes and backslashes are ordinary characters', () => {
    assert.deepEqual(pairs("a='b c' d\\ e"), [['a', "'b"], ["c'"], ['d\\'], ['e']]);
  });

  test('the name ends at the first "=" that is not the first character', () => {
    assert.deepEqual(pairs('a=b=c =x =y=z'), [['a', 'b=c'], ['=x'], ['=y', 'z']]);
  });

  test('a quote that is never closed takes everything behind it', () => {
    const line = parse('a="b c d');
    assert.deepEqual(pairs('a="b c d'), [['a', 'b c d']]);
    assert.deepEqual(line.openQuote, { line: 0, start: 2, endLine: 0, end: 3 });
    assert.equal(parse('a="b" c').openQuote, undefined);
  });

  test('an empty value is there, with a place for the cursor', () => {
    const [parameter] = parse('iommu= quiet').parameters;
    assert.deepEqual(parameter?.value, { text: '', span: { line: 0, start: 6, endLine: 0, end: 6 } });
    assert.equal(parameter?.items.length, 1);
  });

  test('dashes and underscores are the same in names', () => {
    assert.deepEqual(
      parse('vfio-pci.ids=a vfio_pci.ids=b').parameters.map(({ id }) => id),
      ['vfio_pci.ids', 'vfio_pci.ids'],
    );
  });

  test('what follows -- is for init', () => {
    const line = parse('quiet --x -- single iommu=pt');
    assert.deepEqual(
      line.parameters.map(({ name }) => name.text),
      ['quiet', '--x'],
    );
    assert.deepEqual(
      line.initArguments.map(({ text }) => text),
      ['--', 'single', 'iommu=pt'],
    );
  });

  test('every span is where its text is written', () => {
    const text = 'root=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids="10de:1b80,,10de:10f0" "a b" c=" -- x';
    for (const { name, value, items, whole } of parse(text).parameters) {
      for (const piece of [name, value, whole, ...items]) assert.equal(textOf([text], piece.span), piece.text);
    }
  });

  test('whatever is typed, words and blanks make up the whole text', () => {
    const seed = 'root=ZFS=rpool/ROOT/pve-1 vfio-pci.ids="10de:1b80,10de:10f0" pci="a b" -- init';
    for (let at = 0; at <= seed.length; at++) {
      for (const char of ['', '"', '=', ' ', ',', "'", '\\', '\r', '\t', '\u00a0', '\u{1F600}']) {
        const text = seed.slice(0, at) + char + seed.slice(at + 1);
        const { parameters, initArguments } = parse(text);
        const words = [...parameters.map(({ whole }) => whole), ...initArguments];
        let end = 0;
        for (const { text: word, span } of words) {
          assert.match(text.slice(end, span.start), /^[ \t\r]*$/);
          assert.equal(text.slice(span.start, span.end), word);
          end = span.end;
        }
        assert.match(text.slice(end), /^[ \t\r]*$/);
        for (const { name, value, items, whole } of parameters) {
          for (const { span } of [name, value, ...items]) {
            assert.ok(span.start >= whole.span.start && span.end <= whole.span.end && span.start <= span.end);
          }
        }
      }
    }
  });

  test('a very long line takes time in proportion', () => {
    // A reader that grows faster than its text takes minutes here; the runner's own limit tells.
    const text = 'a="'.repeat(300_000);
    assert.ok(parse(text));
  });
});
