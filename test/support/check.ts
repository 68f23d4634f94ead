import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { surroundingsOf } from '../../server/facts/surroundings.ts';
import type { Language, Library, Suggestion, Surroundings } from '../../server/languages/language.ts';
import { nodeLibrary } from '../../server/nodeFiles.ts';
import type { Report, Rule } from '../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../server/rules/run.ts';
import { applyEdits } from '../../server/text/edit.ts';
import { fromLines } from '../../server/text/lines.ts';
import { readMarks, writeMarks } from './marked.ts';
import { readSite, type Site, type SiteOptions } from './site.ts';

/** The committed data files, read from the source tree, each once. */
export const library: Library = nodeLibrary(fileURLToPath(new URL('../../server/data', import.meta.url)), message => {
  throw new Error(message);
});

export const rethrow = (rule: Rule, _file: unknown, error: unknown): never => {
  throw new Error(`${rule.id} threw`, { cause: error });
};

/** What a test may know of its host; the demo host where `host` is `true`. */
export type CheckOptions = Omit<SiteOptions, 'host'> & { readonly host?: SiteOptions['host'] | true };

export const demoHost = (): string => readFileSync(new URL('../snapshots/demo.snapshot', import.meta.url), 'utf8');

export function openSite(text: string, options: CheckOptions = {}): Site {
  const { host, ...rest } = options;
  return readSite(text, host === undefined ? rest : { ...rest, host: host === true ? demoHost() : host });
}

/**
 * Runs one rule on every file of a text or site: it reports exactly the stretches between `«»`. With `fixed`, the first
 * fix of the first finding must turn the marked file (or the site) into that text, which the same fix must leave alone.
 */
export function checkRule(rule: Rule, text: string, fixed?: string, options: CheckOptions = {}): readonly Report[] {
  const site = openSite(text, { language: rule.language, ...options });
  const reports: Report[] = [];
  for (const [uri, marked] of site.marked) {
    const file = site.world.files.get(uri);
    if (!file) continue;
    const found = runRules(ruleSet([rule]), file, site.world, rethrow);
    reports.push(...found);
    assert.equal(
      writeMarks(
        fromLines(file.lines),
        found.map(one => one.span),
      ),
      marked,
      `${rule.id} in ${uri}`,
    );
  }
  if (fixed !== undefined) checkFix(rule, site, reports, fixed, options);
  return reports;
}

function checkFix(rule: Rule, site: Site, reports: readonly Report[], fixed: string, options: CheckOptions): void {
  const fix = reports.find(report => report.fixes?.length)?.fixes?.[0];
  assert.ok(fix, `${rule.id} offers no fix`);
  const isSite = fixed.startsWith('--- ');
  const after = [...site.marked.keys()].map(uri => {
    const lines = site.world.files.get(uri)?.lines ?? [];
    const edits = fix.edits.filter(edit => edit.uri === uri);
    return { uri, text: fromLines(applyEdits(lines, edits)) };
  });
  const made = isSite
    ? after.map(file => `--- ${file.uri.slice('file:///site/'.length)}\n${file.text}`).join('')
    : (after.find(file => file.uri === site.file.uri)?.text ?? '');
  assert.equal(made, readMarks(fixed).text, `${rule.id}: "${fix.title}"`);
  const again = openSite(made, { language: rule.language, ...options });
  for (const file of again.world.files.values()) {
    const left = runRules(ruleSet([rule]), file, again.world, rethrow);
    assert.ok(left.length < reports.length, `${rule.id}: the fix leaves as many findings as there were`);
  }
}

/** The rule's own examples, which are also its documentation. */
export function checkExamples(rule: Rule): void {
  for (const { bad, fixed, good, path, host } of rule.examples) {
    const options: CheckOptions = { ...(path === undefined ? {} : { path }), ...(host === undefined ? {} : { host }) };
    assert.match(bad, /«/, `${rule.id}: the bad example marks what is reported`);
    checkRule(rule, bad, fixed, options);
    checkRule(rule, good, undefined, options);
  }
}

export interface ExpectedSuggestion {
  readonly label: string;
  readonly detail?: string | RegExp;
  readonly note?: string | RegExp;
  readonly kind?: Suggestion['kind'];
  /** The document after accepting it, `$`-stops written as in a snippet. */
  readonly resultText?: string;
}

export interface ExpectedCompletion {
  /** Labels that must be offered, in any order. */
  readonly has?: readonly (string | ExpectedSuggestion)[];
  readonly hasNot?: readonly string[];
  /** Exactly these labels in the order an editor shows them for what is typed. */
  readonly order?: readonly string[];
  readonly count?: number;
}

/** Completes at `¦`. */
export function checkCompletion(
  language: Language,
  text: string,
  expected: ExpectedCompletion,
  options: CheckOptions = {},
): readonly Suggestion[] {
  const site = openSite(text, { language, ...options });
  const cursor = readMarks(site.marked.get(site.file.uri) ?? '').cursor;
  assert.ok(cursor, 'the text has no ¦');
  const found = language.complete?.(site.file, cursor, around(site)) ?? [];
  for (const one of found) {
    const { replace } = one;
    assert.ok(replace.line === cursor.line && replace.endLine === cursor.line, `"${one.label}" replaces another line`);
    assert.ok(replace.start <= cursor.column && cursor.column <= replace.end, `"${one.label}" misses the cursor`);
  }
  const labels = found.map(one => one.label);
  for (const wanted of expected.has ?? [])
    checkSuggestion(site, found, typeof wanted === 'string' ? { label: wanted } : wanted);
  for (const label of expected.hasNot ?? []) assert.ok(!labels.includes(label), `${label} must not be offered`);
  if (expected.order) assert.deepEqual(shown(found), expected.order);
  if (expected.count !== undefined) assert.equal(found.length, expected.count, labels.join(' '));
  return found;
}

function checkSuggestion(site: Site, found: readonly Suggestion[], wanted: ExpectedSuggestion): void {
  const one = found.find(item => item.label === wanted.label);
  assert.ok(one, `${wanted.label} is not among: ${found.map(item => item.label).join(' · ')}`);
  if (wanted.detail !== undefined) matches(one.detail, wanted.detail);
  if (wanted.note !== undefined) matches(one.note, wanted.note);
  if (wanted.kind !== undefined) assert.equal(one.kind, wanted.kind);
  if (wanted.resultText === undefined) return;
  const after = fromLines(applyEdits(site.file.lines, [{ span: one.replace, text: one.insert }]));
  assert.equal(after, wanted.resultText);
}

function matches(actual: string | undefined, wanted: string | RegExp): void {
  if (typeof wanted === 'string') assert.equal(actual, wanted);
  else assert.match(actual ?? '', wanted);
}

const shown = (found: readonly Suggestion[]): readonly string[] =>
  [...found].sort((a, b) => ((a.sort ?? a.label) < (b.sort ?? b.label) ? -1 : 1)).map(one => one.label);

/** Hovers at `¦`: the Markdown matches every pattern; the hover covers `«…»` where the text has that. */
export function checkHover(
  language: Language,
  text: string,
  patterns: readonly (RegExp | string)[] | undefined,
  options: CheckOptions = {},
): void {
  const site = openSite(text, { language, ...options });
  const { cursor, spans } = readMarks(site.marked.get(site.file.uri) ?? '');
  assert.ok(cursor, 'the text has no ¦');
  const hover = language.hover?.(site.file, cursor, around(site));
  if (patterns === undefined) {
    assert.equal(hover, undefined);
    return;
  }
  assert.ok(hover, 'no hover');
  for (const pattern of patterns) {
    if (typeof pattern === 'string')
      assert.ok(hover.markdown.includes(pattern), `${pattern} is not in: ${hover.markdown}`);
    else assert.match(hover.markdown, pattern);
  }
  if (spans.length > 0) assert.deepEqual(hover.span, spans[0]);
}

/** A world's view from the test's file, with the same "random" numbers in every run. */
export function around(site: Site): Surroundings {
  let seed = 0;
  const random = (): number => {
    seed = (seed * 16807 + 12345) % 2147483647;
    return seed / 2147483647;
  };
  return surroundingsOf(site.world, site.file, library, random);
}
