import assert from 'node:assert/strict';
import { firstFor, firstNamed, isNamed } from '../../server/languages/modprobe/firstFor.ts';
import { matchesWildcard } from '../../server/languages/modprobe/wildcard.ts';
import { listed, type ModuleList, parseModules } from '../../server/languages/modules/tree.ts';
import { replace, toLines } from '../../server/text/lines.ts';
import { Picks } from '../../server/text/picks.ts';
import { hasInOrder } from '../../server/text/subsequence.ts';
import { randomFrom } from '../support/random.ts';
import { rounds } from '../support/rounds.ts';

suite('answers that are kept from one version of a list to the next', () => {
  test('are those of a list that is asked anew', () => {
    const random = randomFrom(5);
    const isEven = (node: number): boolean => node % 2 === 0;
    const isLarge = (node: number): boolean => node > 80;
    let nodes: readonly number[] = Array.from({ length: 40 }, () => random(100));
    let picks = new Picks(nodes);
    for (let round = 0; round < rounds(300); round++) {
      const from = random(nodes.length + 1);
      const to = Math.min(nodes.length, from + random(4));
      const fresh = Array.from({ length: random(4) }, () => random(100));
      const before = { nodes, even: picks.of(isEven), picks };
      nodes = [...nodes.slice(0, from), ...fresh, ...nodes.slice(to)];
      picks = picks.spliced(nodes, from, to, fresh);
      for (const question of round % 3 === 0 ? [isEven, isLarge] : [isEven]) {
        assert.deepEqual(picks.of(question), new Picks(nodes).of(question));
      }
      assert.deepEqual(before.picks.of(isEven), before.even);
      assert.deepEqual(before.even, new Picks(before.nodes).of(isEven));
    }
  });

  test('a list of modules that is changed is read as a fresh one would be', () => {
    const random = randomFrom(6);
    const pool = ['', '# x', 'vfio', 'vfio_pci ids=1', '; y', 'kvm\r', ' nvme'];
    let tree: ModuleList = parseModules(toLines('vfio\n# x\nvfio_pci\n'));
    for (let round = 0; round < rounds(200); round++) {
      const line = random(tree.lines.length);
      const endLine = Math.min(tree.lines.length - 1, line + random(3));
      const text = Array.from({ length: 1 + random(3) }, () => pool[random(pool.length)]).join('\n');
      const lines = replace(tree.lines, { line, start: 0, endLine, end: (tree.lines[endLine] ?? '').length }, text);
      tree = parseModules(lines, tree);
      const fresh = parseModules(lines);
      assert.deepEqual(tree.nodes, fresh.nodes);
      assert.deepEqual(listed(tree), listed(fresh));
    }
  });
});

suite('the first entry for a module', () => {
  test('is found by its name or a pattern, whichever comes first', () => {
    const random = randomFrom(7);
    const names = ['a', 'b', 'ab', 'a*', '?b', '[ab]', '*', 'c'];
    for (let round = 0; round < rounds(200); round++) {
      const entries = Array.from({ length: random(6) }, () => ({ name: names[random(names.length)] as string }));
      for (const module of ['a', 'b', 'ab', 'c', 'constructor']) {
        assert.equal(
          firstFor(entries, module),
          entries.find(({ name }) => matchesWildcard(name, module)),
        );
        assert.equal(
          firstNamed(entries, module),
          entries.find(({ name }) => name === module),
        );
        assert.equal(
          isNamed(entries, module),
          entries.some(({ name }) => name === module),
        );
      }
    }
  });
});

suite('characters in their order', () => {
  test('anywhere in the text, each once', () => {
    for (const typed of ['', 'snd', 'sndhda', 'sil', 'snd_hda_intel'])
      assert.ok(hasInOrder('snd_hda_intel', typed), typed);
    for (const typed of ['lis', 'sndd_d', 'snd_hda_intell', 'x']) assert.ok(!hasInOrder('snd_hda_intel', typed), typed);
  });
});
