import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from '../server/languages/index.ts';
import type { Language } from '../server/languages/language.ts';
import { rules } from '../server/rules/index.ts';
import { ruleSet, runRules } from '../server/rules/run.ts';
import { toLines } from '../server/text/lines.ts';
import { around, rethrow } from './support/check.ts';
import { rounds } from './support/rounds.ts';
import { readSite } from './support/site.ts';

/** Every parser, every rule and every service on damaged text: at some places in the fast stage, at all in the slow one. */

const site = fileURLToPath(new URL('./sites/demo/etc', import.meta.url));
const insertions = [
  '',
  ':',
  '=',
  '[',
  ']',
  '\r',
  '\n',
  ',',
  ';',
  ' ',
  '\t',
  '"',
  "'",
  '\\',
  '#',
  '$',
  '\u0000',
  '\u{1F600}',
  '\ufeff',
  '\ufffd',
];
const set = ruleSet(rules);

suite('damaged text', () => {
  for (const language of languages) {
    test(`${language.id}: nothing throws, and rereading after an edit gives what reading gives`, () => {
      for (const seed of seedsOf(language)) damage(language, seed);
    });
  }
});

/** Files of the demo site in this language; a language without one is damaged from a line of its own kind. */
function seedsOf(language: Language): readonly string[] {
  const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const paths = files.map(entry => join(entry.parentPath ?? entry.path, entry.name).replaceAll('\\', '/'));
  const seeds = paths.filter(path => matchesPattern(language, path)).map(path => readFileSync(path, 'utf8'));
  assert.ok(seeds.length > 0, `the demo site has no file of ${language.id}`);
  return [...seeds, ''];
}

const matchesPattern = (language: Language, path: string): boolean =>
  language.patterns.some(pattern =>
    new RegExp(`/${pattern.replace('**/', '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(path),
  );

function damage(language: Language, seed: string): void {
  const whole = language.parse(toLines(seed));
  const stride = Math.max(1, Math.floor(seed.length / rounds(8)));
  for (let at = 0; at <= seed.length; at += stride) {
    for (const [index, insert] of insertions.entries()) {
      const text = seed.slice(0, at) + insert + seed.slice(at + ((index + at) % 3 === 0 ? 1 : 0));
      const lines = toLines(text);
      // Trees may hold functions, which are never equal; what they hold else says enough.
      assert.equal(
        JSON.stringify(language.parse(lines, whole)),
        JSON.stringify(language.parse(lines)),
        JSON.stringify(text),
      );
      if ((at / stride + index) % 7 === 0) useEverything(language, text, at);
    }
  }
}

/** Rules and services at one place of a damaged file. */
function useEverything(language: Language, text: string, offset: number): void {
  const before = text.slice(0, offset).split('\n');
  const at = { line: before.length - 1, column: before[before.length - 1]?.length ?? 0 };
  const here = readSite(text, { language });
  const surroundings = around(here);
  runRules(set, here.file, here.world, rethrow);
  language.complete?.(here.file, at, surroundings);
  language.hover?.(here.file, at, surroundings);
  language.symbols?.(here.file);
  language.folds?.(here.file);
  language.names?.(here.file);
  language.hints?.(here.file, surroundings);
  language.lenses?.(here.file, surroundings);
  language.signature?.(here.file, at, surroundings);
  language.selections?.(here.file, at);
  language.semanticTokens?.(here.file);
  language.refactorings?.(
    here.file,
    { line: at.line, start: at.column, endLine: at.line, end: at.column },
    surroundings,
  );
  const formatted = language.format?.(here.file);
  if (formatted !== undefined)
    assert.equal(
      language.format?.({ ...here.file, lines: toLines(formatted), tree: language.parse(toLines(formatted)) }),
      formatted,
      JSON.stringify(text),
    );
}
