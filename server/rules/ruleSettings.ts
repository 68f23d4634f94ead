import { nearest } from '../text/nearest.ts';
import { compileGlob, type GlobTest } from './globs.ts';
import type { Severity } from './rule.ts';
import type { RuleSettings } from './run.ts';

/** What `rules` can say of a rule. */
export type Choice = Severity | 'off';

const choices = ['error', 'warning', 'info', 'hint', 'off'] as const satisfies readonly Choice[];

/** The settings that could be read, and in words what could not. */
export interface ReadRuleSettings {
  readonly settings: RuleSettings;
  readonly problems: readonly string[];
}

interface Entry {
  /** `undefined` for all files. */
  readonly files: readonly GlobTest[] | undefined;
  readonly severity: Choice;
}

/**
 * Reads `rules` of the editor's settings or of a hostpci.json: by a rule's id, by its area (`modprobe/*`) or by `*` for all
 * rules, a severity or a list of severities, each for all files or for `files` (one glob or several). In a list the last
 * entry that is about the file counts. A rule's own entries go before those of its area, and these before `*`. What is
 * wrong is left out and told, so that a slip never switches a check off.
 * @param ids all rules there are
 * @param directory URI that globs are relative to
 */
export function readRuleSettings(value: unknown, ids: readonly string[], directory?: string): ReadRuleSettings {
  const problems: string[] = [];
  const entries = new Map<string, readonly Entry[]>();
  if (value !== undefined && !isObject(value)) problems.push('rules: must be an object of rules and severities');
  const known = new Set([...ids, ...ids.map(areaOf), '*']);
  for (const [name, chosen] of Object.entries(isObject(value) ? value : {})) {
    const tell = (text: string): void => void problems.push(`rules, ${quoted(name)}: ${text}`);
    if (known.has(name)) entries.set(name, readEntries(chosen, directory, tell));
    else tell(`there is no such rule${meant(name, known)}`);
  }
  return { settings: { severityOf: (rule, uri) => severityIn(entries, rule, uri) }, problems };
}

/** The first of several settings that says something about a rule in a file. */
export const firstOf = (...all: readonly RuleSettings[]): RuleSettings => ({
  severityOf(rule, uri) {
    for (const one of all) {
      const severity = one.severityOf(rule, uri);
      if (severity !== undefined) return severity;
    }
    return undefined;
  },
});

const areaOf = (rule: string): string => `${rule.slice(0, rule.indexOf('/'))}/*`;

function severityIn(entries: ReadonlyMap<string, readonly Entry[]>, rule: string, uri: string): Choice | undefined {
  for (const name of entries.size === 0 ? [] : [rule, areaOf(rule), '*']) {
    const found = entries.get(name)?.findLast(({ files }) => files?.some(matches => matches(uri)) ?? true);
    if (found) return found.severity;
  }
  return undefined;
}

type Tell = (problem: string) => void;

function readEntries(value: unknown, directory: string | undefined, tell: Tell): readonly Entry[] {
  if (!Array.isArray(value)) return readEntry(value, directory, tell);
  return value.flatMap((one, index) =>
    readEntry(one, directory, text => tell(value.length === 1 ? text : `entry ${index + 1}: ${text}`)),
  );
}

function readEntry(value: unknown, directory: string | undefined, tell: Tell): readonly Entry[] {
  if (!isObject(value)) {
    const severity = readChoice(value, tell);
    return severity === undefined ? [] : [{ files: undefined, severity }];
  }
  const strange = Object.keys(value).filter(key => key !== 'files' && key !== 'severity');
  for (const key of strange) tell(`${quoted(key)} is not known here: an entry has "files" and "severity"`);
  const severity = readChoice(value.severity, tell);
  const files = readGlobs(value.files, directory, tell);
  return severity === undefined || files === undefined || strange.length > 0 ? [] : [{ files, severity }];
}

function readChoice(value: unknown, tell: Tell): Choice | undefined {
  const choice = choices.find(one => one === value);
  if (choice === undefined) {
    const said = value === undefined ? 'no severity is given' : `${quoted(value)} is no severity`;
    tell(`${said} (${choices.join(', ')})${typeof value === 'string' ? meant(value, choices) : ''}`);
  }
  return choice;
}

/** All or none: with one glob left out an entry would be about other files than was meant. */
function readGlobs(value: unknown, directory: string | undefined, tell: Tell): readonly GlobTest[] | undefined {
  const globs: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (globs.length === 0 || !globs.every(glob => typeof glob === 'string')) {
    tell('"files" must be a glob or a list of globs');
    return undefined;
  }
  const compiled = globs.map(glob => ({ glob, test: compileGlob(glob, directory) }));
  for (const { glob, test } of compiled) if (typeof test === 'string') tell(`the glob ${quoted(glob)} ${test}`);
  const tests = compiled.map(one => one.test).filter(test => typeof test !== 'string');
  return tests.length === globs.length ? tests : undefined;
}

/** A hint at the name that was most likely meant. */
export function meant(word: string, known: Iterable<string>): string {
  const near = nearest(word, known, Math.min(3, Math.ceil(word.length / 3)));
  return near === undefined ? '' : `; did you mean ${quoted(near)}?`;
}

const quoted = (value: unknown): string => JSON.stringify(value) ?? String(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
