import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from '../../server/cli/check.ts';
import { loadPaths } from '../../server/cli/loadPaths.ts';
import { rules } from '../../server/rules/index.ts';
import type { Fix, Report } from '../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../server/rules/run.ts';
import { applyEdits } from '../../server/text/edit.ts';
import { fromLines } from '../../server/text/lines.ts';
import { withFile } from '../../server/workspace/world.ts';
import { rethrow } from './check.ts';
import { readFile } from './site.ts';

/** Whole hosts below `test/sites`: `site.json` says what each is for, `after/` holds what mends a story. */

export const sitesDirectory = fileURLToPath(new URL('../sites/', import.meta.url));

/** What `site.json` says. */
export interface SiteInfo {
  /** Right in all its parts: nothing is said about it. */
  readonly healthy?: true;
  /** Many mistakes at once: the rules that speak. */
  readonly shows?: readonly string[];
  /** The entry of the catalogue of failures that the site is the story of. */
  readonly entry?: string;
  /** The rule offers a fix, which makes just the files that `after/` has. */
  readonly quickFix?: true;
  /** Further rules that speak of the same mistake, and are silent after the fix. */
  readonly also?: readonly string[];
  /** Rules that rightly speak of something that is as it is, before and after. */
  readonly remains?: readonly string[];
}

export const siteNames: readonly string[] = readdirSync(sitesDirectory, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort();

export const infoOf = (name: string): SiteInfo =>
  JSON.parse(readFileSync(join(sitesDirectory, name, 'site.json'), 'utf8')) as SiteInfo;

export const directoryOf = (name: string): string => join(sitesDirectory, name);

export const hasAfter = (name: string): boolean => existsSync(join(sitesDirectory, name, 'after'));

/** Calls with a directory in which the site lies as it is after its fix: what it was, with `after/` laid over it. */
export async function withAfter<T>(name: string, call: (directory: string) => Promise<T>): Promise<T> {
  const top = mkdtempSync(join(tmpdir(), 'hostpci-site-'));
  const directory = join(top, name);
  const overlay = join(directoryOf(name), 'after');
  try {
    cpSync(directoryOf(name), directory, { recursive: true, filter: path => !path.startsWith(overlay) });
    cpSync(overlay, directory, { recursive: true });
    return await call(directory);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

/** A finding on a site, with the path of its file below the site. */
export interface SiteReport extends Report {
  readonly path: string;
}

/** One site as it was read and judged. */
export interface Judged {
  /** What the command line prints, with paths as from the directory above the site. */
  readonly text: string;
  /** What it complains of. */
  readonly complaints: readonly string[];
  readonly reports: readonly SiteReport[];
  /** The texts of all files that are judged, by their paths below the site. */
  readonly files: ReadonlyMap<string, string>;
}

const all = ruleSet(rules);

export async function judge(directory: string): Promise<Judged> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const output = { out: (text: string) => printed.push(text), err: (text: string) => complaints.push(text) };
  await check([directory], { format: 'text' }, output);
  const { world, asked } = await loadPaths([directory], {});
  const named = asked.map(({ file, name }) => ({ file, path: relative(directory, name) }));
  return {
    text: printed.join('').replaceAll(`${join(directory, '..')}/`, ''),
    complaints,
    reports: named.flatMap(({ file, path }) =>
      runRules(all, file, world, rethrow).map(report => ({ ...report, path })),
    ),
    files: new Map(named.map(({ file, path }) => [path, fromLines(file.lines)])),
  };
}

/**
 * The texts of a site after the first fix of each finding of some rules, one after the other, until none of them is left
 * with a fix; `undefined` where the rules offer none.
 */
export async function mend(directory: string, wanted: readonly string[]): Promise<Judged['files'] | undefined> {
  const set = ruleSet(rules.filter(({ id }) => wanted.includes(id)));
  const { world: first, asked } = await loadPaths([directory], {});
  let world = first;
  for (let step = 0; ; step++) {
    const files = asked.map(({ file }) => world.files.get(file.uri) ?? file);
    const fix = files
      .flatMap(file => runRules(set, file, world, rethrow))
      .flatMap((report): readonly Fix[] => report.fixes?.slice(0, 1) ?? [])[0];
    if (!fix) {
      const texts = files.map(
        (file, index) => [relative(directory, asked[index]?.name ?? ''), fromLines(file.lines)] as const,
      );
      return step === 0 ? undefined : new Map(texts);
    }
    assert.ok(step < 20, `the fix "${fix.title}" does not come to an end`);
    for (const uri of new Set(fix.edits.map(edit => edit.uri))) {
      const file = files.find(one => one.uri === uri);
      assert.ok(file, `${fix.title}: ${uri} is not a file of the site`);
      const edits = fix.edits.filter(edit => edit.uri === uri);
      world = withFile(world, readFile(uri, fromLines(applyEdits(file.lines, edits))));
    }
  }
}

/** What a finding says, and where, without the line, which edits move. */
export const saying = ({ path, rule, message }: SiteReport): string => `${path} ${rule}: ${message}`;
