import { nearest } from '../text/nearest.ts';
import { compileGlobs, type GlobTest, globFault } from './globs.ts';
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

interface Entry<Files> {
  /** `undefined` for all files. */
  readonly files: Files | undefined;
  readonly severity: Choice;
}

/** By what stands before them: a rule's id, an area or `*`. */
type Entries<Files> = ReadonlyMap<string, readonly Entry<Files>[]>;

/**
 * Reads `rules` of the editor's settings or of a hostpci.json: by a rule's id, by its area (`modprobe/*`) or by `*` for all
 * rules, a severity or a list of severities, each for all files or for `files` (one glob or several). In a list the last
 * entry that is about the file counts. A rule's own entries go before those of its area, and these before `*`. What is
 * wrong is left out and told, so that a slip never switches a check off.
 * @param ids all rules there are
 * @param directory URI that globs are relative to
 */
export async function readRuleSettings(
  value: unknown,
  ids: readonly string[],
  directory?: string,
): Promise<ReadRuleSettings> {
  const problems: string[] = [];
  const written = new Map<string, readonly Entry<readonly string[]>[]>();
  if (value !== undefined && !isObject(value)) problems.push('rules: must be an object of rules and severities');
  const known = new Set([...ids, ...ids.map(areaOf), '*']);
  for (const [name, chosen] of Object.entries(isObject(value) ? value : {})) {
    const tell = (text: string): void => void problems.push(`rules, ${quoted(name)}: ${text}`);
    if (known.has(name)) written.set(name, readEntries(chosen, tell));
    else tell(`there is no such rule${meant(name, known)}`);
  }
  const entries = await compiled(written, directory);
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

async function compiled(written: Entries<readonly string[]>, directory?: string): Promise<Entries<GlobTest>> {
  const compileAll = (entries: readonly Entry<readonly string[]>[]) =>
    Promise.all(
      entries.map(async ({ severity, files }) => ({
        severity,
        files: files && (await compileGlobs(files, directory)),
      })),
    );
  const all = [...written].map(async ([name, entries]) => [name, await compileAll(entries)] as const);
  return new Map(await Promise.all(all));
}

function severityIn(entries: Entries<GlobTest>, rule: string, uri: string): Choice | undefined {
  for (const name of entries.size === 0 ? [] : [rule, areaOf(rule), '*']) {
    const found = entries.get(name)?.findLast(({ files }) => files?.(uri) ?? true);
    if (found) return found.severity;
  }
  return undefined;
}

type Tell = (problem: string) => void;

function readEntries(value: unknown, tell: Tell): readonly Entry<readonly string[]>[] {
  if (!Array.isArray(value)) return readEntry(value, tell);
  return value.flatMap((one, index) =>
    readEntry(one, text => tell(value.length === 1 ? text : `entry ${index + 1}: ${text}`)),
  );
}

function readEntry(value: unknown, tell: Tell): readonly Entry<readonly string[]>[] {
  if (!isObject(value)) {
    const severity = readChoice(value, tell);
    return severity === undefined ? [] : [{ files: undefined, severity }];
  }
  const strange = Object.keys(value).filter(key => key !== 'files' && key !== 'severity');
  for (const key of strange) tell(`${quoted(key)} is not known here: an entry has "files" and "severity"`);
  const severity = readChoice(value.severity, tell);
  const files = readGlobs(value.files, tell);
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
function readGlobs(value: unknown, tell: Tell): readonly string[] | undefined {
  const globs: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (globs.length === 0 || !globs.every(glob => typeof glob === 'string')) {
    tell('"files" must be a glob or a list of globs');
    return undefined;
  }
  const faults = globs.flatMap(glob => {
    const fault = globFault(glob);
    return fault === undefined ? [] : [`the glob ${quoted(glob)} ${fault}`];
  });
  for (const fault of faults) tell(fault);
  return faults.length === 0 ? globs : undefined;
}

/** A hint at the name that was most likely meant. */
export function meant(word: string, known: Iterable<string>): string {
  const near = nearest(word, known, Math.min(3, Math.ceil(word.length / 3)));
  return near === undefined ? '' : `; did you mean ${quoted(near)}?`;
}

const quoted = (value: unknown): string => JSON.stringify(value) ?? String(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
