import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { languages } from '../../server/languages/index.ts';
import type { SourceFile } from '../../server/languages/language.ts';
import { combine, type MendedWorld, type MendOptions, mend, safeFixOf } from '../../server/rules/fixes.ts';
import { rules } from '../../server/rules/index.ts';
import type { Example, Report, Rule } from '../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../server/rules/run.ts';
import { applyEdits } from '../../server/text/edit.ts';
import { fromLines } from '../../server/text/lines.ts';
import type { World } from '../../server/workspace/world.ts';
import { openSite, rethrow } from '../support/check.ts';

/** What `check --fix` and "fix all" on save may do without anybody looking. */

const all = ruleSet(rules);
const reportsOn = (file: SourceFile, world: World): readonly Report[] => runRules(all, file, world, rethrow);

const siteOf = (rule: Rule, { host, path }: Example, text: string): World =>
  openSite(text, {
    language: rule.language,
    ...(path === undefined ? {} : { path }),
    ...(host === undefined ? {} : { host }),
  }).world;

const optionsFor = (world: World, uris: Iterable<string> = world.files.keys()): MendOptions => ({
  uris: new Set(uris),
  languages,
  reportsOn,
});

const textOf = (world: World, uri: string): string => fromLines(world.files.get(uri)?.lines ?? []);
const textsOf = (world: World): string => [...world.files.keys()].map(uri => textOf(world, uri)).join('\f');

/** How often each finding is there, by file, rule and message. */
function tally(world: World, matches: (report: Report) => boolean): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [uri, file] of world.files) {
    for (const report of reportsOn(file, world).filter(matches)) {
      const key = `${uri} ${report.rule}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}

function afterFix(world: World, report: Report): World {
  const files = new Map(world.files);
  for (const { uri } of safeFixOf(report)?.edits ?? []) {
    const file = world.files.get(uri);
    const language = languages.find(one => one.id === file?.place.language);
    assert.ok(file && language, uri);
    const lines = applyEdits(
      file.lines,
      (safeFixOf(report)?.edits ?? []).filter(edit => edit.uri === uri),
    );
    files.set(uri, { ...file, lines, tree: language.parse(lines) });
  }
  return { ...world, files };
}

const count = (found: ReadonlyMap<string, number>, key: string): number => found.get(key) ?? 0;

/** By their sources. */
function rulesWithSafeFixes(): readonly string[] {
  const folder = new URL('../../server/rules/', import.meta.url);
  const uses = (id: string): boolean => readFileSync(new URL(`${id}.ts`, folder), 'utf8').includes('safeFixIn');
  return rules.map(rule => rule.id).filter(uses);
}

suite('safe fixes', () => {
  const cases = rules.flatMap(rule =>
    rule.examples.flatMap(one =>
      [one.bad, one.good].map(text => ({ rule, one, text, world: siteOf(rule, one, text) })),
    ),
  );
  const known = new Map<World, MendedWorld>();
  /** What is left of a case after all its safe fixes; found once. */
  const mended = (world: World): MendedWorld => {
    const done = known.get(world) ?? mend(world, optionsFor(world));
    known.set(world, done);
    return done;
  };
  const seen = new Set<string>();

  test('each, in every example of every rule: its finding goes, no error comes, again it changes nothing', () => {
    for (const { rule, world } of cases) {
      for (const [uri, file] of world.files) {
        for (const report of reportsOn(file, world).filter(safeFixOf)) {
          const where = `${report.rule} in an example of ${rule.id}: ${safeFixOf(report)?.title}\n${textOf(world, uri)}`;
          seen.add(report.rule);
          const after = afterFix(world, report);
          assert.notEqual(textsOf(after), textsOf(world), where);
          const same = (other: Report): boolean => other.rule === report.rule;
          assert.ok(
            count(tally(after, same), `${uri} ${report.rule}`) < count(tally(world, same), `${uri} ${report.rule}`),
            `the finding stays: ${where}`,
          );
          const isError = (other: Report): boolean => other.severity === 'error';
          const before = tally(world, isError);
          const fresh = [...tally(after, isError)].filter(([key, number]) => number > count(before, key));
          assert.deepEqual(fresh, [], `a new error: ${where}\n→\n${textOf(after, uri)}`);
        }
      }
    }
    assert.deepEqual([...seen].sort(), rulesWithSafeFixes(), 'every rule with a safe fix shows one in an example');
  });

  test('all together settle, and a second run changes nothing', () => {
    for (const { rule, text, world } of cases) {
      const done = mended(world);
      assert.ok(done.settled, `${rule.id}: ${text}`);
      const again = mend(done.world, optionsFor(done.world));
      assert.equal(textsOf(again.world), textsOf(done.world), rule.id);
      assert.deepEqual(again.mended, []);
    }
  });

  test('the ACS override and unsafe interrupts are never touched without a look', () => {
    const dangerous = /pcie_acs_override|pci_acs_override|acs|allow_unsafe_interrupts/gi;
    let met = 0;
    for (const { rule, world } of cases) {
      const before = textsOf(world).match(dangerous) ?? [];
      met += before.length;
      assert.deepEqual(textsOf(mended(world).world).match(dangerous) ?? [], before, rule.id);
    }
    assert.ok(met > 3, `only ${met} in the examples`);
  });

  test('a repeated line goes by itself, one with another value wants a look', () => {
    const titles = (text: string): readonly string[] => {
      const { world, file } = openSite(text, { path: 'etc/pve/nodes/pve1/qemu-server/100.conf' });
      return reportsOn(file, world).flatMap(report => safeFixOf(report)?.title ?? []);
    };
    assert.deepEqual(titles('cores: 2\nmemory: 1024\ncores: 2\n'), ['Remove the line']);
    assert.deepEqual(titles('cdrom: none\nide2: none\n'), [], 'the two names mean different values');
    assert.deepEqual(titles('hostpci0: 0000:01:00\nmemory: 1024\nhostpci0: 0000:02:00\n'), []);
  });

  test('a line of blanks is emptied by itself only where that cuts no mapping in two', () => {
    const titles = (text: string): readonly string[] => {
      const { world, file } = openSite(text, { path: 'etc/pve/mapping/pci.cfg' });
      return reportsOn(file, world).flatMap(report =>
        report.rule === 'mapping/whitespace-line' ? [safeFixOf(report)?.title ?? 'wants a look'] : [],
      );
    };
    const map = (slot: number): string => `\tmap node=pve1,path=0000:0${slot}:00.0,id=10de:2584\n`;
    assert.deepEqual(titles(`gpu\n${map(1)}  \nnic\n${map(3)}`), ['Empty the line']);
    assert.deepEqual(titles(`gpu\n${map(1)}  \n${map(3)}`), ['wants a look']);
    assert.deepEqual(titles(`gpu\n${map(1)}  \n`), ['Empty the line']);
  });
});

suite('mend', () => {
  const uri = 'file:///site/etc/modules';
  const other = 'file:///site/etc/modprobe.d/vfio.conf';
  const site = (): World =>
    openSite('--- etc/modules\nvfio\nvfio_pci\n--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:1b80\n', {})
      .world;
  const report = (fields: Partial<Report>): Report => ({
    rule: 'test/one',
    severity: 'warning',
    message: 'x',
    span: { line: 0, start: 0, endLine: 0, end: 1 },
    ...fields,
  });
  const put = (text: string, line = 0, at = uri, end = 1) => ({
    uri: at,
    span: { line, start: 0, endLine: line, end },
    text,
  });
  const first = (world: World): string => world.files.get(uri)?.lines[0] ?? '';

  test('a fix of several files is whole: a file that was not asked for keeps it from the others', () => {
    const fix = { title: 'both', safe: true, edits: [put('X'), put('#', 0, other)] };
    const options = (world: World, uris: readonly string[]): MendOptions => ({
      ...optionsFor(world, uris),
      reportsOn: file => (file.uri === uri && !file.lines[0]?.startsWith('X') ? [report({ fixes: [fix] })] : []),
    });
    const world = site();
    const alone = mend(world, options(world, [uri]));
    assert.equal(textsOf(alone.world), textsOf(world));
    assert.deepEqual(
      alone.leftOut.map(one => [one.fix.title, one.why]),
      [['both', 'outside']],
    );
    const both = mend(world, options(world, [uri, other]));
    assert.equal(textOf(both.world, uri), 'Xfio\nvfio_pci\n');
    assert.equal(textOf(both.world, other), '#ptions vfio-pci ids=10de:1b80\n');
  });

  test('fixes that undo each other end after some rounds, and that is said', () => {
    const world = site();
    const done = mend(world, {
      ...optionsFor(world, [uri]),
      reportsOn: file => [
        report({ fixes: [{ title: 'turn', safe: true, edits: [put(file.lines[0]?.[0] === 'v' ? 'V' : 'v')] }] }),
      ],
    });
    assert.equal(done.settled, false);
    assert.equal(done.mended.length, 10);
  });

  test('what touches the same place waits for the next round', () => {
    const world = site();
    const done = mend(world, {
      ...optionsFor(world, [uri]),
      reportsOn: ({ lines }) => [
        ...(lines[0]?.startsWith('v') ? [report({ fixes: [{ title: 'a', safe: true, edits: [put('a')] }] })] : []),
        ...(lines[0]?.endsWith('o')
          ? [report({ fixes: [{ title: 'b', safe: true, edits: [put('b', 0, uri, 4)] }] })]
          : []),
      ],
    });
    assert.deepEqual(
      done.mended.map(one => one.fix.title),
      ['a', 'b'],
    );
    assert.equal(first(done.world), 'b');
  });

  test('a fix that brings an error is left out, the others are not', () => {
    const world = site();
    const done = mend(world, {
      ...optionsFor(world, [uri]),
      reportsOn: ({ lines }) => [
        ...(lines[0]?.startsWith('v') ? [report({ fixes: [{ title: 'bad', safe: true, edits: [put('B')] }] })] : []),
        ...(lines[0]?.startsWith('B') ? [report({ rule: 'test/error', severity: 'error' })] : []),
        ...(lines[1]?.startsWith('v')
          ? [
              report({
                span: { line: 1, start: 0, endLine: 1, end: 1 },
                fixes: [{ title: 'good', safe: true, edits: [put('G', 1)] }],
              }),
            ]
          : []),
      ],
    });
    assert.equal(textOf(done.world, uri), 'vfio\nGfio_pci\n');
    assert.deepEqual(
      done.leftOut.map(one => [one.fix.title, one.why]),
      [['bad', 'error']],
    );
    assert.equal(done.settled, true);
  });

  test('fixes that are not safe are not applied', () => {
    const world = site();
    const unsafe = { title: 'no', edits: [put('X')] };
    const done = mend(world, { ...optionsFor(world, [uri]), reportsOn: () => [report({ fixes: [unsafe] })] });
    assert.equal(textsOf(done.world), textsOf(world));
    assert.equal(combine([unsafe, unsafe]).length, 1, 'the same place is taken once');
  });
});
