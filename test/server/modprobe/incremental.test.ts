import assert from 'node:assert/strict';
import { parseSnapshot } from '../../../host/snapshot.ts';
import type { SourceFile } from '../../../server/languages/language.ts';
import { linesRead } from '../../../server/languages/modprobe/linesRead.ts';
import { modprobe } from '../../../server/languages/modprobe/modprobe.ts';
import {
  isAccepted,
  lineAt,
  type ModprobeTree,
  parseModprobe,
  type ReadLine,
} from '../../../server/languages/modprobe/tree.ts';
import { hasIds } from '../../../server/languages/modprobe/vfioIds.ts';
import { rules } from '../../../server/rules/index.ts';
import type { Report } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { fromLines, type Lines, replace, toLines } from '../../../server/text/lines.ts';
import { emptyWorld, type World, withFile, withSnapshot } from '../../../server/workspace/world.ts';
import { demoHost, rethrow } from '../../support/check.ts';
import { randomFrom } from '../../support/random.ts';
import { rounds } from '../../support/rounds.ts';
import { readFile } from '../../support/site.ts';

/** What lines of such files are made of: commands, faults, continuation, line ends of Windows, a byte NUL. */
const pool = [
  ...['', '# note', '#\\', '\\', 'nonsense', 'include x', 'weakdep a b', 'blacklist', 'blacklist \\', '\r'],
  ...[
    'options vfio-pci ids=10de:1b80,10de:10f0',
    'options vfio-pci ids=10de:1b80 \\',
    '  disable_vga=1',
    ',8086:1533\\',
  ],
  ...[
    'options kvm ignore_msrs=1 # why',
    'options a\\b c=d\\\\',
    'softdep nouveau pre: vfio-pci',
    'softdep nouveau pre: igb',
  ],
  ...[
    'softdep igb post: nouveau',
    'blacklist nouveau',
    'blacklist nouveau\r',
    'blacklist snd-hda-*',
    'blacklist a,b',
    'blacklist ahci',
  ],
  ...[
    'install nouveau /bin/false',
    'install nou* /bin/true \\',
    'blacklist simpledrm',
    'alias pci:v1 off',
    'alias [ x',
    'options a\0 b=1',
  ],
];

/** One edit of whole lines or of characters, anywhere, the end of the file more often than elsewhere. */
function edited(lines: Lines, random: (below: number) => number): Lines {
  const line = random(4) === 0 ? lines.length - 1 : random(lines.length);
  const length = (lines[line] ?? '').length;
  const fresh = Array.from({ length: random(3) }, () => pool[random(pool.length)]);
  const endLine = Math.min(lines.length - 1, line + random(3));
  const what = random(6);
  if (what === 0) return replace(lines, { line, start: length, endLine: line, end: length }, '\\');
  if (what === 1) return replace(lines, { line, start: length, endLine: line, end: length }, `\n${fresh.join('\n')}`);
  if (what === 2)
    return replace(lines, { line, start: 0, endLine, end: (lines[endLine] ?? '').length }, fresh.join('\n'));
  if (what === 3) return replace(lines, { line, start: 0, endLine, end: 0 }, fresh.map(text => `${text}\n`).join(''));
  const start = random(length + 1);
  return replace(
    lines,
    { line, start, endLine: line, end: Math.min(length, start + random(2)) },
    'x\\\r\n'.slice(what - 4, what - 4 + random(3)),
  );
}

const seed = (random: (below: number) => number): Lines =>
  toLines(Array.from({ length: 30 }, () => pool[random(pool.length)]).join('\n'));

const questions: readonly ((line: ReadLine) => boolean)[] = [isAccepted, hasIds, ({ line }) => line.height > 1];

function checkSame(tree: ModprobeTree, fresh: ModprobeTree): void {
  assert.deepEqual(tree.lines, fresh.lines);
  assert.deepEqual(tree.nodes, fresh.nodes);
  assert.deepEqual(tree.starts, fresh.starts);
  for (const question of questions) assert.deepEqual(tree.picks.of(question), fresh.picks.of(question));
  const heights = tree.nodes.reduce((sum, node) => sum + node.line.height, 0);
  assert.equal(heights, tree.lines.length);
}

suite('a changed file of modprobe.d', () => {
  for (const number of [1, 2, 3]) {
    test(`is read as a fresh one would be (history ${number})`, () => {
      const random = randomFrom(number);
      let tree = parseModprobe(seed(random));
      let earlier = { tree, fresh: parseModprobe(tree.lines) };
      for (let round = 0; round < rounds(300); round++) {
        const lines = edited(round % 60 === 59 ? seed(random) : tree.lines, random);
        tree = parseModprobe(lines, tree);
        const fresh = parseModprobe(lines);
        checkSame(tree, fresh);
        if (round % 20 !== 0) continue;
        checkSame(earlier.tree, earlier.fresh);
        earlier = { tree, fresh };
      }
    });
  }

  test('is judged as a fresh one would be, whatever the kmod of the host', () => {
    const set = ruleSet(rules);
    const told = (world: World, uri: string): readonly Report[] =>
      runRules(set, world.files.get(uri) as SourceFile, world, rethrow);
    for (const kmod of ['34.2-2', '30+20221128-1']) {
      const random = randomFrom(kmod.length);
      const inventory = parseSnapshot(demoHost().replaceAll('34.2-2', kmod));
      const empty = withSnapshot(emptyWorld, { uri: 'file:///site/a.snapshot', root: 'file:///site', inventory });
      const texts = new Map<string, Lines>(
        ['a', 'b'].map(name => [`file:///site/etc/modprobe.d/${name}.conf`, seed(random)]),
      );
      const uris = [...texts.keys()];
      let world = uris.reduce(
        (so, uri) => withFile(so, readFile(uri, fromLines(texts.get(uri) ?? []), modprobe)),
        empty,
      );
      for (let round = 0; round < rounds(60); round++) {
        const uri = uris[random(2)] as string;
        const file = world.files.get(uri) as SourceFile<ModprobeTree>;
        const lines = edited(file.lines, random);
        world = withFile(world, { ...file, lines, tree: parseModprobe(lines, file.tree) });
        const anew = uris.reduce(
          (so, at) => withFile(so, readFile(at, fromLines(world.files.get(at)?.lines ?? []), modprobe)),
          empty,
        );
        for (const at of uris) assert.deepEqual(told(world, at), told(anew, at), fromLines(lines));
      }
    }
  });

  test('keeps what it does not touch', () => {
    const before = parseModprobe(toLines('# a\noptions b \\\n c=1\nblacklist d\nblacklist e\n'));
    const accepted = before.picks.of(isAccepted);
    const after = parseModprobe(replace(before.lines, { line: 0, start: 3, endLine: 0, end: 3 }, '\n# x\\\ny'), before);
    assert.deepEqual(after.starts, [0, 1, 3, 5, 6, 7]);
    assert.deepEqual(after.nodes.slice(2), before.nodes.slice(1));
    for (const [index, node] of after.nodes.slice(2).entries()) assert.equal(node, before.nodes[index + 1]);
    assert.deepEqual(
      after.picks.of(isAccepted),
      accepted.map(at => at + 1),
    );
    const comment = parseModprobe(replace(after.lines, { line: 1, start: 2, endLine: 1, end: 3 }, 'z'), after);
    assert.equal(comment.picks.of(isAccepted), after.picks.of(isAccepted));
    assert.deepEqual(lineAt(comment, 2).line.from, 3);
  });

  test('a line is asked once, however often another one changes', () => {
    let asked = 0;
    const question = (line: ReadLine): boolean => {
      asked++;
      return line.kind === 'blacklist';
    };
    const text = Array.from({ length: 5000 }, (_, at) => (at % 2 === 0 ? `# ${at}` : `blacklist m${at}`)).join('\n');
    let tree = parseModprobe(toLines(text));
    assert.equal([...linesRead(tree, 34, question)].length, 2500);
    assert.equal(asked, 5000);
    for (let round = 0; round < 20; round++) {
      tree = parseModprobe(
        replace(tree.lines, { line: 700, start: 0, endLine: 700, end: 0 }, round % 2 ? 'x' : 'y\n'),
        tree,
      );
      assert.ok(tree.picks.of(question).length >= 2499);
    }
    assert.ok(asked <= 5000 + 20 * 2, `${asked}`);
  });
});
