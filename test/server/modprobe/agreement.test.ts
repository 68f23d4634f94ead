import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inventory } from '../../../host/inventory.ts';
import { emptyInventory } from '../../../host/inventory.ts';
import { filesInOrder, type ModprobeConfig, readConfig } from '../../../server/languages/modprobe/config.ts';
import { modprobe } from '../../../server/languages/modprobe/modprobe.ts';
import { nodeAt, parseModprobe } from '../../../server/languages/modprobe/tree.ts';
import { syntax } from '../../../server/rules/modprobe/syntax.ts';
import { unknownCommand } from '../../../server/rules/modprobe/unknown-command.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import { toLines } from '../../../server/text/lines.ts';
import { rethrow } from '../../support/check.ts';
import { readFile, readSite, siteRoot } from '../../support/site.ts';

interface Line {
  readonly from: number;
  readonly to: number;
  readonly verdict: 'accepted' | 'warned' | 'ignored';
  readonly entry?: readonly string[];
}
interface Verdict {
  readonly config: readonly string[];
  /** By file; a word instead of lines where kmod does not read the file. */
  readonly lines: Readonly<Record<string, readonly Line[] | 'file-not-read'>>;
}
interface Snippet {
  readonly id: string;
  readonly files: Readonly<Record<string, string | { readonly b64: string }>>;
  readonly kmod30: Verdict;
  readonly kmod34?: Verdict;
}

const snippets = readFileSync(new URL('../../verdicts/modprobe.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Snippet);

const kmods = [
  { version: '30+20221128-1', major: 30, of: (one: Snippet) => one.kmod30 },
  { version: '34.2-2', major: 34, of: (one: Snippet) => one.kmod34 ?? one.kmod30 },
] as const;

const textOfFile = (content: string | { readonly b64: string }): string =>
  typeof content === 'string'
    ? content
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(content.b64, 'base64'));

/** Bytes that are no UTF-8 look the same on both sides: kmod's output writes them as `\xff`, ours as U+FFFD. */
const comparable = (text: string): string => text.replace(/(?:\\x[0-9a-f]{2}|\ufffd)+/g, '?');

/** The file's line (from 1) on which each logical line that is reported ends, with the ids of the rules. */
function reportedLines(name: string, text: string, inventory: Inventory): ReadonlySet<number> {
  const path = `etc/modprobe.d/${name}`;
  const world = readSite(text.startsWith('--- ') ? `\n${text}` : text, {
    path,
    language: modprobe,
    host: inventory,
  }).world;
  const file = readFile(`${siteRoot}/${path}`, text, modprobe);
  const reports = runRules(
    ruleSet([syntax, unknownCommand]),
    file,
    { ...world, files: new Map([[file.uri, file]]) },
    rethrow,
  );
  const tree = parseModprobe(file.lines);
  return new Set(
    reports.map(report => {
      assert.equal(report.severity, 'error');
      return nodeAt(tree, { line: report.span.line, column: 0 }).line.to + 1;
    }),
  );
}

/** The configuration as `modprobe -c` prints it. */
function dump(config: ModprobeConfig): readonly string[] {
  // kmod forgets the blank between the two lists.
  const list = (keyword: string, words: readonly string[]): string =>
    words.length ? `${keyword}: ${words.join(' ')}` : '';
  return [
    ...config.blacklist.map(one => `blacklist ${one.name}`),
    ...config.installs.map(one => `install ${one.name} ${one.text}`),
    ...config.removes.map(one => `remove ${one.name} ${one.text}`),
    ...config.aliases.map(one => `alias ${one.name} ${one.target}`),
    ...config.options.map(one => `options ${one.name} ${one.text}`),
    ...config.softdeps.map(one => `softdep ${one.name} ${list('pre', one.pre)}${list('post', one.post)}`),
    ...config.weakdeps.map(one => `weakdep ${one.name} ${one.weak.join(' ')}`),
  ].map(comparable);
}

/** What a single line gives. */
const entriesAt = (config: ModprobeConfig, line: number): ModprobeConfig =>
  Object.fromEntries(
    Object.entries(config).map(([name, list]) => [
      name,
      (list as ModprobeConfig['blacklist']).filter(({ node }) => node.line.from === line),
    ]),
  ) as unknown as ModprobeConfig;

suite('modprobe.d as kmod reads it', () => {
  for (const { version, major, of } of kmods) {
    const inventory = { ...emptyInventory, versions: { ...emptyInventory.versions, kmod: version } };

    test(`kmod ${major}: errors stand on the lines that it warns about and on no other`, () => {
      for (const snippet of snippets) {
        for (const [name, lines] of Object.entries(of(snippet).lines)) {
          if (lines === 'file-not-read') continue;
          const reported = reportedLines(name, textOfFile(snippet.files[name] ?? ''), inventory);
          const warned = lines.filter(line => line.verdict === 'warned').map(line => line.to);
          assert.deepEqual(
            [...reported].sort((a, b) => a - b),
            warned,
            `${snippet.id} ${name}`,
          );
        }
      }
    });

    test(`kmod ${major}: the configuration is the same, line by line and as a whole`, () => {
      for (const snippet of snippets) {
        const files = Object.entries(snippet.files).map(([name, content]) => ({
          path: `/etc/modprobe.d/${name}`,
          tree: parseModprobe(toLines(textOfFile(content))),
        }));
        const whole = readConfig(filesInOrder(files), major);
        assert.deepEqual(dump(whole), of(snippet).config.map(comparable), snippet.id);
        for (const { path, tree } of files) {
          const lines = of(snippet).lines[path.slice('/etc/modprobe.d/'.length)] ?? [];
          for (const line of lines === 'file-not-read' ? [] : lines) {
            assert.ok(
              tree.starts.includes(line.from - 1),
              `${snippet.id} ${path}: a logical line starts at ${line.from}`,
            );
            const entry = dump(entriesAt(readConfig([{ path, tree }], major), line.from - 1));
            assert.deepEqual(entry, (line.entry ?? []).map(comparable), `${snippet.id} ${path} line ${line.from}`);
          }
        }
      }
    });
  }
});
