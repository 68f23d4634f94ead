import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { configOf } from '../../../server/languages/vmConf/config.ts';
import { formatVmConf } from '../../../server/languages/vmConf/format.ts';
import { problemsOf } from '../../../server/languages/vmConf/problems.ts';
import { parseVmConf, partsOf, sectionAt, type VmConf, type VmLine } from '../../../server/languages/vmConf/tree.ts';
import { fromLines, type Lines, replace, toLines } from '../../../server/text/lines.ts';
import { rounds } from '../../support/rounds.ts';

const snippets = readFileSync(new URL('../../verdicts/vm-conf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => (JSON.parse(line) as { text: string }).text);

const seed = `# notes
bios: ovmf
hostpci0: 0000:01:00,pcie=1,x-vga=1
args: -cpu host
memory:\x20

[PENDING]
delete: net0
cores: 4
[before-update]
#c
snapstate: prepare
[special:cloudinit]
name: x
[no section]
x
`;

/** Numbers in [0, 1) that are the same in every run. */
function numbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

suite('VM conf: parser', () => {
  test('every line is one node whose tokens are what stands in it', () => {
    for (const text of [seed, ...snippets]) checkTree(parseVmConf(toLines(text)));
  });

  test('damaged text is no exception', () => {
    const stride = Math.max(1, Math.floor(seed.length / rounds(25)));
    for (let at = 0; at <= seed.length; at += stride) {
      for (const char of ['', ':', '[', ']', '\r', '\n', ',', '=', ' ', '#', '\u{1F600}', '\0']) {
        const tree = parseVmConf(toLines(seed.slice(0, at) + char + seed.slice(at + 1)));
        checkTree(tree);
        problemsOf(tree);
        configOf({ tree }).next.entries();
      }
    }
  });

  test('a key without a value has a zero-width one, a blank one the last blank', () => {
    const value = (line: string) => (parseVmConf([line]).nodes[0] as VmLine).value;
    assert.deepEqual(value('hostpci0:'), { text: '', start: 9, end: 9 });
    assert.deepEqual(value('hostpci0: '), { text: ' ', start: 9, end: 10 });
    assert.deepEqual(value('hostpci0:  \r'), { text: '\r', start: 11, end: 12 });
    assert.deepEqual(value('hostpci0: 01:00 \r'), { text: '01:00', start: 10, end: 15 });
  });

  test('parts keep their columns, empty ones too', () => {
    const [node] = parseVmConf(['net0: virtio=,bridge=a=b,,=x']).nodes;
    const parts = partsOf(node as VmLine).map(({ key, value }) => [key.text, key.start, value.text, value.start]);
    assert.deepEqual(parts, [
      ['virtio', 6, '', 13],
      ['bridge', 14, 'a=b', 21],
      ['', 25, '', 25],
      ['', 26, 'x', 27],
    ]);
  });

  test('a changed text is read as a fresh one would be', () => {
    const random = numbers(42);
    let tree = parseVmConf(toLines(seed));
    for (let round = 0; round < rounds(400); round++) {
      const lines = edited(tree.lines, random);
      tree = parseVmConf(lines, tree);
      const fresh = parseVmConf(lines);
      assert.deepEqual(tree.sections, fresh.sections);
      assert.deepEqual(tree.nodes, fresh.nodes);
      checkTree(tree);
    }
  });

  test('what did not change is the same object', () => {
    const before = parseVmConf(toLines(seed));
    const after = parseVmConf(replace(before.lines, { line: 8, start: 7, endLine: 8, end: 8 }, '8\nvcpus: 2'), before);
    assert.equal(after.nodes[2], before.nodes[2]);
    assert.equal(after.nodes.at(-2), before.nodes.at(-2));
    assert.equal(after.sections[0], before.sections[0]);
    assert.notEqual(after.sections[1]?.body, before.sections[1]?.body);
    assert.equal(after.sections[2]?.body, before.sections[2]?.body);
  });

  test('formatting damaged text loses no line that the reader refuses, and is done after one time', () => {
    const random = numbers(7);
    let lines: Lines = toLines(seed);
    for (let round = 0; round < rounds(200); round++) {
      lines = edited(round % 20 === 0 ? toLines(seed) : lines, random);
      const once = formatVmConf(lines);
      assert.equal(formatVmConf(toLines(once)), once, fromLines(lines));
      const kept = new Set(toLines(once));
      for (const { node, line, reason } of problemsOf(parseVmConf(lines)).get('syntax') ?? []) {
        assert.ok(kept.has((lines[line] as string).replace(/\r+$/, '')), `${node.key.text} ${reason.code}`);
      }
    }
  });

  test('time grows with the length of the text, not faster', () => {
    for (const text of [
      'a'.repeat(2e5),
      `hostpci0: ${'0,'.repeat(1e5)}`,
      `[${'['.repeat(2e5)}`,
      `name: ${'a-'.repeat(1e5)}`,
    ]) {
      // A reader that grows faster than its text takes minutes here; the runner's own limit tells.
      const tree = parseVmConf(toLines(`${text}\n${text}!`));
      assert.ok(problemsOf(tree));
      assert.equal(tree.nodes.length, 2);
    }
  });

  test('after a keystroke in 15,000 lines the rest is not read again', () => {
    const snapshot = (index: number): string =>
      `[snap${index}]\nbios: ovmf\ncores: 4\nhostpci0: 01:00,pcie=1\nmemory: 4096\n`;
    const text = `${seed}${Array.from({ length: 3000 }, (_, index) => snapshot(index)).join('')}`;
    let tree = parseVmConf(toLines(text));
    problemsOf(tree);
    for (let round = 0; round < 25; round++) {
      const before = tree;
      tree = parseVmConf(replace(tree.lines, { line: 2, start: 10, endLine: 2, end: 11 }, String(round % 10)), tree);
      problemsOf(tree);
      const kept = tree.nodes.filter((node, line) => node === before.nodes[line]).length;
      assert.ok(kept >= tree.nodes.length - 1, `${tree.nodes.length - kept} lines were read again`);
    }
  });
});

/** One edit at a random place: mostly of a character, sometimes of lines. */
function edited(lines: Lines, random: () => number): Lines {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const line = Math.floor(random() * lines.length);
  const start = Math.floor(random() * ((lines[line] ?? '').length + 1));
  const endLine = random() < 0.2 ? Math.min(lines.length - 1, line + Math.floor(random() * 4)) : line;
  const end = endLine === line ? Math.min((lines[line] ?? '').length, start + Math.floor(random() * 4)) : 0;
  const words = [
    '',
    'x',
    ':',
    '\n',
    '\r\n',
    '[PENDING]\n',
    '[a1]\n',
    '[special:fleecing]\n',
    'cores: 2\n',
    '#n\n',
    '"',
    ' ',
    '[',
    '%',
  ];
  return replace(lines, { line, start, endLine, end }, pick(words));
}

function checkTree(tree: VmConf): void {
  assert.equal(tree.nodes.length, tree.lines.length);
  tree.nodes.forEach((node, line) => {
    const text = tree.lines[line] as string;
    for (const token of [node.key, node.value]) assert.equal(text.slice(token.start, token.end), token.text);
    if (node.kind === 'entry')
      for (const { whole } of partsOf(node)) assert.equal(text.slice(whole.start, whole.end), whole.text);
  });
  let next = 0;
  for (const section of tree.sections) {
    assert.equal(section.from, section.header + 1);
    assert.equal(section.from, section.kind === 'main' ? 0 : next + 1);
    assert.deepEqual(section.body, tree.nodes.slice(section.from, section.to));
    if (section.header >= 0) assert.equal(tree.nodes[section.header]?.kind, 'header');
    assert.equal(
      sectionAt(tree, section.to - 1),
      section.to > section.header + 1 || section.header >= 0 ? section : sectionAt(tree, section.to - 1),
    );
    next = section.to;
  }
  assert.equal(next, tree.lines.length);
}
