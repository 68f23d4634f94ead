import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../languages/language.ts';
import type { Report } from '../rules/rule.ts';
import { readJson } from '../text/json.ts';
import { replaceFile, whyNotWritten } from './replaceFile.ts';

/**
 * Findings that are known and accepted: they are not shown and do not count. A finding is known again by its file, its
 * rule and the text of its line, so that edits elsewhere in the file do not matter; of several alike as many are known as
 * the baseline counts.
 */
export interface Baseline {
  /** Those of a file's findings that are not in the baseline. */
  fresh(file: SourceFile, reports: readonly Report[]): readonly Report[];
  /** How many entries below the asked paths are no longer found, given all findings of all asked files. */
  stale(found: readonly Judged[]): number;
  /** Writes what is found below the asked paths; other entries stay. Answers the new baseline, or why that failed. */
  update(found: readonly Judged[]): Promise<Baseline | string>;
}

/** A file with all that is found in it. */
export interface Judged {
  readonly file: SourceFile;
  readonly reports: readonly Report[];
}

interface Entry {
  /** Relative to the baseline's directory, with slashes. */
  readonly file: string;
  readonly rule: string;
  readonly text: string;
  readonly count: number;
}

/** Opens a baseline, or answers in words what is wrong with it. One that is not there yet knows nothing. */
export async function openBaseline(path: string, asked: readonly string[]): Promise<Baseline | string> {
  let before: string | undefined;
  try {
    before = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code !== 'ENOENT') return `${path}: the baseline cannot be read (${code})`;
  }
  const entries = before === undefined ? [] : readEntries(before);
  if (typeof entries === 'string') {
    return `${path}: the baseline ${entries}. Mend it, or remove it and write it anew with --update-baseline.`;
  }
  return baselineOf(path, before, entries, asked);
}

function baselineOf(
  path: string,
  before: string | undefined,
  entries: readonly Entry[],
  asked: readonly string[],
): Baseline {
  const directory = dirname(resolve(path));
  const known = new Map(entries.map(entry => [keyOf(entry), entry.count]));
  const scope = asked.map(one => resolve(one));
  const inScope = ({ file }: Entry): boolean => scope.some(one => isBelow(join(directory, file), one));
  return {
    fresh(file, reports) {
      const left = new Map<string, number>();
      return reports.filter(report => {
        const key = keyOf(entryOf(file, report, directory));
        const rest = left.get(key) ?? known.get(key) ?? 0;
        left.set(key, rest - 1);
        return rest <= 0;
      });
    },
    stale(found) {
      const counts = new Map(entriesOf(found, directory).map(entry => [keyOf(entry), entry.count]));
      return entries.filter(entry => inScope(entry) && (counts.get(keyOf(entry)) ?? 0) < entry.count).length;
    },
    async update(found) {
      const next = [...entries.filter(entry => !inScope(entry)), ...entriesOf(found, directory)];
      const after = render(next);
      if (after === before) return baselineOf(path, before, next, asked);
      try {
        await replaceFile(path, before, after);
      } catch (error) {
        return `${path}: ${whyNotWritten(error, resolve(path))}`;
      }
      return baselineOf(path, after, next, asked);
    },
  };
}

function entriesOf(found: readonly Judged[], directory: string): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { file, reports } of found) {
    for (const report of reports) {
      const entry = entryOf(file, report, directory);
      const same = entries.get(keyOf(entry));
      entries.set(keyOf(entry), same ? { ...same, count: same.count + 1 } : entry);
    }
  }
  return [...entries.values()];
}

function entryOf(file: SourceFile, report: Report, directory: string): Entry {
  const path = relative(directory, fileURLToPath(file.uri)).replaceAll(sep, '/');
  return { file: path, rule: report.rule, text: textOf(file, report), count: 1 };
}

/**
 * The line with single blanks. A kernel command line is one long line in which everything else may change: there it is
 * the words that the finding is about.
 */
function textOf(file: SourceFile, { span }: Report): string {
  const line = file.lines[span.line] ?? '';
  const isCommandLine = file.place.language === 'kernel-cmdline' || file.place.language === 'grub-default';
  const end = span.endLine === span.line ? span.end : line.length;
  const from = isCommandLine ? line.slice(0, span.start).search(/\S*$/) : 0;
  const to = isCommandLine ? end + line.slice(end).search(/\s|$/) : line.length;
  return line.slice(from, to).replace(/\s+/g, ' ').trim();
}

const keyOf = ({ file, rule, text }: Entry): string => JSON.stringify([file, rule, text]);

const isBelow = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** One entry a line, sorted: what changes shows as such lines in a diff. */
function render(entries: readonly Entry[]): string {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...entries].sort(
    (a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(a.text, b.text),
  );
  const lines = sorted.map(({ file, rule, text, count }) => `    ${JSON.stringify({ file, rule, text, count })}`);
  return `{\n  "version": 1,\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}

function readEntries(text: string): readonly Entry[] | string {
  const read = readJson(text);
  if ('problem' in read) return read.problem;
  const value = asObject(read.value);
  if (value.version !== 1) {
    return typeof value.version === 'number'
      ? `has version ${value.version}, and this hostpci reads version 1`
      : 'has no "version": it is none that hostpci wrote';
  }
  if (!Array.isArray(value.findings)) return 'has no list "findings"';
  const entries = new Map<string, Entry>();
  for (const [index, one] of value.findings.entries()) {
    const { file, rule, text: line, count } = asObject(one);
    const isEntry = typeof file === 'string' && typeof rule === 'string' && typeof line === 'string';
    if (!isEntry || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
      return `has a bad entry, number ${index + 1} of "findings": it wants "file", "rule", "text" and a "count" from 1`;
    }
    // Two branches that were merged may both have added it.
    const entry = { file, rule, text: line, count };
    entries.set(keyOf(entry), { ...entry, count: Math.max(count, entries.get(keyOf(entry))?.count ?? 0) });
  }
  return [...entries.values()];
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
