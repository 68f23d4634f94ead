import assert from 'node:assert/strict';
import { parametersOf, softdepOf } from '../../../server/languages/modprobe/arguments.ts';
import { filesInOrder, isReadName } from '../../../server/languages/modprobe/config.ts';
import {
  canonicalName,
  isAccepted,
  lineAt,
  type ModprobeLine,
  parseModprobe,
} from '../../../server/languages/modprobe/tree.ts';
import { idEntries, parseDeviceId, withComma } from '../../../server/languages/modprobe/vfioIds.ts';
import { matchesWildcard } from '../../../server/languages/modprobe/wildcard.ts';
import { offsetIn, positionIn, spanIn } from '../../../server/syntax/wordLines.ts';
import { textOf, toLines } from '../../../server/text/lines.ts';

const only = (text: string): ModprobeLine => {
  const tree = parseModprobe(toLines(text));
  assert.equal(tree.nodes.length, 1, text);
  return lineAt(tree, 0);
};

suite('parsing modprobe.d', () => {
  test('every line of the file belongs to exactly one node, in order', () => {
    const text = '# a \\\nb\n\noptions vfio-pci \\\n  ids=10de:1b80\\\n,10de:10f0\nnonsense\n\\\n\\\nblacklist x\\';
    const lines = toLines(text);
    const tree = parseModprobe(lines);
    const owned = tree.nodes.flatMap((_, index) => {
      const { line } = lineAt(tree, index);
      return Array.from({ length: line.to - line.from + 1 }, (_, row) => line.from + row);
    });
    assert.deepEqual(owned, [...lines.keys()]);
  });

  test('tokens know where they stand, also across continued lines', () => {
    const lines = toLines('options vfio-pci ids=10de:1b\\\n80,10\\\\de:10f0\n');
    const node = lineAt(parseModprobe(lines), 0);
    const [ids] = parametersOf(node);
    assert.ok(ids);
    assert.equal(ids.value.text, '10de:1b80,10\\de:10f0');
    const [first] = idEntries(ids.value);
    assert.ok(first);
    assert.deepEqual(spanIn(node.line, first.token), { line: 0, start: 21, endLine: 1, end: 2 });
    assert.equal(textOf(lines, spanIn(node.line, first.token)), '10de:1b\\\n80');
  });

  test('places in the file and offsets in a logical line lead back to each other', () => {
    const lines = toLines('op\\\ntions a\\b \\\n c=d');
    const { line } = lineAt(parseModprobe(lines), 0);
    assert.equal(line.text, 'options ab  c=d');
    for (let offset = 0; offset <= line.text.length; offset++) {
      const at = positionIn(line, offset);
      assert.equal(offsetIn(line, at), offset);
      assert.equal(lines[at.line]?.[at.column] ?? '', line.text[offset] ?? '');
    }
  });

  test('a missing part is a token without width where it would stand', () => {
    const { name, rest, fault } = only('options ');
    assert.deepEqual([name.text, name.start, rest.text, fault], ['', 8, '', 'no-name']);
  });

  test('names are compared with underscores, but not inside brackets', () => {
    assert.equal(canonicalName('snd-hda-intel'), 'snd_hda_intel');
    assert.equal(canonicalName('x[a-c]-y-[!0-9]-'), 'x[a-c]_y_[!0-9]_');
    assert.equal(canonicalName('a[b-'), 'a[b-');
  });

  test('a NUL hides the rest of its line', () => {
    assert.equal(isAccepted(only('blacklist no\0uveau')), true);
    assert.equal(only('blacklist no\0uveau').name.text, 'no');
    assert.equal(only('options a\0 b=1').fault, 'no-argument');
  });
});

suite('arguments in modprobe.d', () => {
  const parameters = (text: string) =>
    parametersOf(only(`options m ${text}`)).map(({ name, hasEquals, value }) =>
      hasEquals ? [name.text, value.text] : [name.text],
    );

  test('parameters are split as the kernel does', () => {
    assert.deepEqual(parameters('a=1  b c="x y" "d=e f" =g h==i'), [
      ['a', '1'],
      ['b'],
      ['c', 'x y'],
      ['d', 'e f'],
      ['=g'],
      ['h', '=i'],
    ]);
    assert.deepEqual(parameters("ids='a b'"), [['ids', "'a"], ["b'"]]);
    assert.deepEqual(parameters('a="x'), [['a', 'x']]);
    assert.deepEqual(parameters('"'), [['']]);
  });

  test('softdep words count only behind a free-standing keyword', () => {
    const words = (text: string) => {
      const { pre, post, loose } = softdepOf(only(`softdep m ${text}`));
      return [pre, post, loose].map(list => list.map(word => word.text).join(' '));
    };
    assert.deepEqual(words('pre: a b post: c pre: d'), ['a b d', 'c', '']);
    assert.deepEqual(words('x pre:a post :b'), ['', '', 'x pre:a post :b']);
    assert.deepEqual(words(' pre: a'), ['', '', ' pre: a']);
    assert.deepEqual(words('  pre: a'), ['a', '', '']);
    assert.deepEqual(words('pre:\ra\r'), ['a', '', '']);
  });

  test('device ids are read as the kernel reads them', () => {
    const read = (text: string) => {
      const id = parseDeviceId(text);
      return id && [id.vendor, id.device, id.subvendor, id.subdevice];
    };
    assert.deepEqual(read('10de:1b80'), [0x10de, 0x1b80, undefined, undefined]);
    assert.deepEqual(read('0x8086:0X10D3'), [0x8086, 0x10d3, undefined, undefined]);
    assert.deepEqual(read('8086:10d3:8086:a01f'), [0x8086, 0x10d3, 0x8086, 0xa01f]);
    assert.deepEqual(read("10de:1b80'"), [0x10de, 0x1b80, undefined, undefined]);
    for (const bad of ['8086', '8086:*', '8086-10d3', "'8086:10d3", '']) assert.equal(read(bad), undefined, bad);
  });

  test('an entry goes with one of the commas beside it', () => {
    const list = { text: 'a:1,b:2,c:3', start: 4, end: 15 };
    const [first, , last] = idEntries(list).map(entry => withComma(list, entry.token));
    assert.deepEqual(first, { start: 4, end: 8 });
    assert.deepEqual(last, { start: 11, end: 15 });
  });
});

suite('which files of modprobe.d are read', () => {
  test('only names that end in .conf', () => {
    assert.ok(isReadName('a.conf'));
    for (const name of ['.conf', '.a.conf', 'a.CONF', 'a.conf~', 'a.conf.bak', 'README'])
      assert.ok(!isReadName(name), name);
  });

  test('sorted by bytes over all directories; a more important one hides the same name', () => {
    const paths = [
      '/lib/modprobe.d/vfio.conf',
      '/etc/modprobe.d/é.conf',
      '/etc/modprobe.d/vfio.conf',
      '/usr/lib/modprobe.d/_x.conf',
      '/run/modprobe.d/9-a.conf',
      '/usr/local/lib/modprobe.d/10-a.conf',
      '/lib/modprobe.d/Z.conf',
      '/etc/modprobe.d/sub/x.conf',
      '/etc/modprobe.d/readme.txt',
      '/srv/modprobe.d/x.conf',
      '/etc/modprobe.d/\u{10000}.conf',
      '/etc/modprobe.d/\uffee.conf',
    ].map(path => ({ path }));
    assert.deepEqual(
      filesInOrder(paths).map(({ path }) => path),
      [
        '/usr/local/lib/modprobe.d/10-a.conf',
        '/run/modprobe.d/9-a.conf',
        '/lib/modprobe.d/Z.conf',
        '/usr/lib/modprobe.d/_x.conf',
        '/etc/modprobe.d/vfio.conf',
        '/etc/modprobe.d/é.conf',
        '/etc/modprobe.d/\uffee.conf',
        '/etc/modprobe.d/\u{10000}.conf',
      ],
    );
  });

  test('wildcards match as fnmatch does', () => {
    const cases: [string, string, boolean][] = [
      ['nvidia*', 'nvidia_drm', true],
      ['*a*b', 'xaxxb', true],
      ['?vidia', 'nvidia', true],
      ['snd[0-9]', 'snd5', true],
      ['snd[!0-9]', 'snd5', false],
      ['[a-c]x', 'dx', false],
      ['a', 'ab', false],
      ['', '', true],
      ['**', 'x', true],
    ];
    for (const [pattern, text, wanted] of cases)
      assert.equal(matchesWildcard(pattern, text), wanted, `${pattern} ${text}`);
  });
});
