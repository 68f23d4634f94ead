import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mainSection } from '../../../server/languages/ctConf/config.ts';
import { mountEntryOf, nodeUses, parseDeviceRule } from '../../../server/languages/ctConf/devices.ts';
import { nodeNumbers } from '../../../server/languages/ctConf/nodeNumbers.ts';
import { type CtConf, parseCtConf, sectionAt } from '../../../server/languages/ctConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';
import { rawCtSchema } from '../../tools/makeCtSchema.mts';

const text =
  '#notes\narch: amd64\ndev0: /dev/kfd\r\nlxc.mount.entry = /a a none bind 0 0\n\n[pve:Pending]\ndelete: cores\n[before] \nsnaptime: 1\nsnapstate: prepare\n[bad one]\n';

suite('containers: tree', () => {
  test('lines and sections', () => {
    const tree = parseCtConf(toLines(text));
    assert.deepEqual(
      tree.nodes.map(({ kind, key, value }) => [kind, key.text, value.text]),
      [
        ['comment', '', 'notes'],
        ['entry', 'arch', 'amd64'],
        ['entry', 'dev0', '/dev/kfd'],
        ['raw', 'lxc.mount.entry', '/a a none bind 0 0'],
        ['blank', '', ''],
        ['header', 'pve:Pending', ''],
        ['delete', 'delete', 'cores'],
        ['header', 'before', ''],
        ['entry', 'snaptime', '1'],
        ['snapstate', 'snapstate', 'prepare'],
        ['junk', '', '[bad one]'],
        ['blank', '', ''],
      ],
    );
    assert.deepEqual(
      tree.sections.map(({ kind, name, from, to }) => [kind, name, from, to]),
      [
        ['main', '', 0, 5],
        ['pending', 'pve:Pending', 6, 7],
        ['snapshot', 'before', 8, 12],
      ],
    );
    assert.equal(sectionAt(tree, 7).name, 'before');
  });

  /** The rules of the data, in their order; the first that matches decides. */
  test('the kind of a line is that of the first rule of the data that matches', () => {
    const rules = rawCtSchema().syntax.lineRules.map(({ id, regex, flags }) => ({
      id,
      regex: regex === undefined ? /^/ : ascii(regex, flags),
    }));
    const kinds: Record<string, string> = {
      'section-pending': 'header',
      'section-snapshot': 'header',
      'lxc-raw': 'raw',
      'key-value': 'entry',
      error: 'junk',
    };
    const lines = readFileSync(new URL('../../verdicts/ct-conf.jsonl', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean);
    for (const { line } of lines.map(one => JSON.parse(one) as { line: string })) {
      const id = rules.find(({ regex }) => regex.test(line))?.id ?? 'error';
      assert.equal(parseCtConf([line]).nodes[0]?.kind, kinds[id] ?? id, JSON.stringify(line));
    }
  });

  test('damage: rereading after any edit gives what reading gives, and tokens stand where they say', () => {
    const before = parseCtConf(toLines(text));
    for (let at = 0; at <= text.length; at++) {
      for (const char of ['', '\n', '\r', ' ', ':', '=', '#', '[', ']', ',', '\u{1F600}', '\u0000']) {
        const lines = toLines(text.slice(0, at) + char + text.slice(at + 1));
        const fresh = parseCtConf(lines);
        assert.deepEqual(parseCtConf(lines, before), fresh);
        assertCovered(fresh);
      }
    }
  });

  test('long lines are read in time that grows with their length', () => {
    const hostile = [
      `lxc.${'a.'.repeat(300_000)}`,
      `a${'_'.repeat(300_000)}`,
      `x: ${' '.repeat(300_000)}\t`,
      `lxc.a${' '.repeat(300_000)}x`,
      `snapstate:${' '.repeat(300_000)}x`,
      `[${'a'.repeat(300_000)}`,
    ];
    // A reader that grows faster than its text takes minutes here; the runner's own limit tells.
    assert.equal(parseCtConf(hostile).nodes.length, hostile.length);
  });
});

suite('containers: devices', () => {
  test('device rules, as LXC reads them', () => {
    assert.deepEqual(parseDeviceRule('c 226:* rwm'), { type: 'c', major: 226, minor: undefined, access: 'rwm' });
    assert.deepEqual(parseDeviceRule('a'), { type: 'a', major: undefined, minor: undefined, access: 'rwm' });
    assert.deepEqual(parseDeviceRule('b *:3 r'), { type: 'b', major: undefined, minor: 3, access: 'r' });
    for (const bad of [
      'c 226:*',
      'c  226:* rwm',
      'c226:* rwm',
      'x 1:2 r',
      'c 226 rwm',
      'c 226:128 rx',
      'C 226:* rwm',
      '',
      'c :1 r',
    ]) {
      assert.equal(parseDeviceRule(bad), undefined, bad);
    }
    assert.ok(parseDeviceRule('c 226:* rwm # all'), 'what follows three letters is not looked at');
  });

  test('mount entries are split at blanks, and missing fields are zero-width', () => {
    const tree = parseCtConf(['lxc.mount.entry: /dev/dri  dev/dri none']);
    const [use] = nodeUses(tree, mainSection(tree));
    assert.deepEqual([use?.path.start, use?.path.end, use?.by, use?.optional], [17, 25, 'mount', false]);
    const mount = use && mountEntryOf(use.entry);
    assert.deepEqual(
      [mount?.target.text, mount?.type.text, mount?.options.text, mount?.options.start],
      ['dev/dri', 'none', '', 39],
    );
  });

  test('numbers of nodes that always have the same', () => {
    assert.deepEqual(
      [
        '/dev/dri/card0',
        '/dev/dri/renderD129',
        '/dev/nvidia1',
        '/dev/nvidiactl',
        '/dev/nvidia-modeset',
        '/dev/kfd',
        '/dev/nvidia-uvm',
        '/dev/dri/renderD1',
      ].map(path => {
        const numbers = nodeNumbers(path);
        return numbers && `${numbers.major}:${numbers.minor}`;
      }),
      ['226:0', '226:129', '195:1', '195:255', '195:254', undefined, undefined, undefined],
    );
  });
});

function assertCovered(tree: CtConf): void {
  assert.equal(tree.nodes.length, tree.lines.length);
  tree.nodes.forEach(({ key, value }, line) => {
    for (const one of [key, value]) assert.equal(tree.lines[line]?.slice(one.start, one.end), one.text);
  });
}

/** The data is written for Perl: its white space is ASCII here, and its dot takes a carriage return too. */
const ascii = (regex: string, flags = ''): RegExp =>
  new RegExp(regex.replaceAll('\\s', '[ \\t\\r\\f\\v]').replace(/\.(?=[*+])/g, '[^\\n]'), flags);
