import assert from 'node:assert/strict';
import { type HeaderStyle, lastLineOf, parseSectionConfig, sectionAt } from '../../../server/syntax/sectionConfig.ts';
import { toLines } from '../../../server/text/lines.ts';

const mapping =
  '# head\ngpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n\tmdev\n\n  \nnic \r\n\tmap  a=b \n0\nx y\n';
const storage =
  'dir: local\n\tpath /var/lib/vz\n\tcontent iso,backup\n\nLVMThin:local-lvm\n\tthinpool data\n\n: x\na:b:c\n';

suite('section configs', () => {
  test('shapes of lines', () => {
    const { nodes } = parseSectionConfig(toLines(mapping), 'id');
    assert.deepEqual(
      nodes.map(({ shape, key, value }) => [shape, key.text, value.text]),
      [
        ['comment', '', ''],
        ['header', 'gpu', ''],
        ['property', 'map', 'node=pve1,path=0000:01:00.0,id=10de:2584'],
        ['property', 'mdev', ''],
        ['empty', '', ''],
        ['blank', '', ''],
        ['header', 'nic', ''],
        ['property', 'map', 'a=b'],
        ['header', '0', ''],
        ['other', '', ''],
        ['empty', '', ''],
      ],
    );
  });

  test('sections end at an empty line, or at a lone 0, and nowhere else', () => {
    const tree = parseSectionConfig(toLines(mapping), 'id');
    assert.deepEqual(
      tree.sections.map(({ id, from, to }) => [id.text, from, to]),
      [
        ['gpu', 2, 4],
        ['nic', 7, 8],
      ],
    );
    assert.equal(sectionAt(tree, 3)?.id.text, 'gpu');
    assert.equal(sectionAt(tree, 4), undefined);
    const blank = parseSectionConfig(toLines('a\n\tb 1\n \n\t\n'), 'id');
    assert.deepEqual([blank.sections[0]?.to, lastLineOf(blank, blank.sections[0]!)], [4, 1]);
  });

  test('a header with a type: its last colon counts, and blanks behind it are fine', () => {
    const tree = parseSectionConfig(toLines(storage), 'type: id');
    assert.deepEqual(
      tree.sections.map(({ type, id }) => [type.text, id.text]),
      [
        ['dir', 'local'],
        ['LVMThin', 'local-lvm'],
        ['a:b', 'c'],
      ],
    );
  });

  test('tokens stand where they say', () => {
    for (const [text, style] of [
      [mapping, 'id'],
      [storage, 'type: id'],
    ] as const) {
      const tree = parseSectionConfig(toLines(text), style);
      tree.nodes.forEach(({ type, key, value }, line) => {
        for (const one of [type, key, value]) assert.equal(tree.lines[line]?.slice(one.start, one.end), one.text);
      });
    }
  });

  test('other white space than the reader knows belongs to words', () => {
    const { nodes } = parseSectionConfig(toLines('gpu\u00a0\n\u2003map x\n'), 'id');
    assert.deepEqual(
      nodes.slice(0, 2).map(({ shape, key }) => [shape, key.text]),
      [
        ['header', 'gpu\u00a0'],
        ['other', ''],
      ],
    );
  });

  test('damage: rereading after any edit gives what reading gives', () => {
    for (const [text, style] of [
      [mapping, 'id'],
      [storage, 'type: id'],
    ] as const)
      damage(text, style);
  });

  test('long lines are read in time that grows with their length', () => {
    const hostile = [
      `${' '.repeat(300_000)}x y`,
      `${':'.repeat(300_000)} x y`,
      `a ${' '.repeat(300_000)}b c`,
      `\t${'k '.repeat(300_000)}`,
    ];
    // A reader that grows faster than its text takes minutes here; the runner's own limit tells.
    for (const style of ['id', 'type: id'] as const) {
      assert.equal(parseSectionConfig(hostile, style).nodes.length, hostile.length);
    }
  });
});

function damage(seed: string, style: HeaderStyle): void {
  const before = parseSectionConfig(toLines(seed), style);
  for (let at = 0; at <= seed.length; at++) {
    for (const char of ['', '\n', '\r', '\t', ' ', ':', '#', '0', 'x', '\u{1F600}', '\u0000']) {
      const lines = toLines(seed.slice(0, at) + char + seed.slice(at + 1));
      const fresh = parseSectionConfig(lines, style);
      assert.deepEqual(parseSectionConfig(lines, style, before), fresh);
      assert.equal(fresh.nodes.length, lines.length);
    }
  }
}
