import type { Severity } from '../rules/rule.ts';
import { type Output, printable } from './textFile.ts';

/** The form of `--format json`, stable since 0.1: lines and columns from 1 in UTF-16 units, `endColumn` exclusive. */
export interface CheckResult {
  readonly version: 1;
  readonly findings: readonly JsonFinding[];
  /** What could not be judged, in words. */
  readonly gaps: readonly string[];
  /** With `--fix`: what was fixed, in that order, and what has a safe fix that was left out. Lines are those at the time. */
  readonly fixed?: readonly JsonFix[];
  readonly notFixed?: readonly (JsonFix & { readonly reason: string })[];
  /** With `--dry-run`: what would be written. */
  readonly diff?: string;
  /** With `--baseline`: how many findings it keeps back, and how many of its entries are no longer found. */
  readonly baseline?: { readonly suppressed: number; readonly stale: number };
}

export interface JsonFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fixes: readonly string[];
}

export interface JsonFix {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly title: string;
}

/** What of the options says how to print. */
export interface PrintOptions {
  readonly format: 'text' | 'json';
  readonly baseline?: string;
}

/** Of a dry run as text the diff alone goes to standard output, so that `git apply` can read it. */
export function print(result: CheckResult, files: number, options: PrintOptions, output: Output): void {
  if (options.format === 'json') output.out(`${JSON.stringify(result, null, 2)}\n`);
  else if (result.diff === undefined) output.out(asText(result, files, options));
  else printDiff(result, result.diff, files, output);
}

function printDiff(result: CheckResult, diff: string, files: number, output: Output): void {
  output.out(process.stdout.isTTY ? diff.split('\n').map(printableLine).join('\n') : diff);
  for (const line of notFixedLines(result)) output.err(line);
  output.err(`${totals(result, files)}; nothing was written`);
}

const printableLine = (line: string): string => line.split('\t').map(printable).join('\t');

function asText(result: CheckResult, files: number, options: PrintOptions): string {
  const fixed = (result.fixed ?? []).map(one => `${place(one)} fixed  ${printable(one.title)}  ${one.rule}`);
  const lines = result.findings.map(
    one => `${one.file}:${one.line}:${one.column} ${one.severity}  ${printable(one.message)}  ${one.rule}`,
  );
  const gaps = result.gaps.map(gap => `not known: ${printable(gap)}`);
  const all = [...fixed, ...lines, ...notFixedLines(result), ...gaps, ...staleLine(result, options)];
  return `${[...all, totals(result, files)].join('\n')}\n`;
}

const place = (one: JsonFix): string => `${printable(one.file)}:${one.line}`;

const notFixedLines = ({ notFixed = [] }: CheckResult): readonly string[] =>
  notFixed.map(one => `not fixed: ${place(one)} ${printable(one.title)}  ${one.rule}: ${one.reason}`);

function staleLine({ baseline }: CheckResult, { baseline: path }: PrintOptions): readonly string[] {
  if (!baseline?.stale) return [];
  const count = baseline.stale === 1 ? '1 entry' : `${baseline.stale} entries`;
  const verb = baseline.stale === 1 ? 'is' : 'are';
  return [`${count} of the baseline ${verb} no longer found: update it with --baseline ${path} --update-baseline`];
}

function totals({ findings, fixed, diff, baseline }: CheckResult, files: number): string {
  const errors = findings.filter(one => one.severity === 'error').length;
  return [
    counted(files, 'file'),
    ...(fixed ? [`${fixed.length} ${diff === undefined ? 'fixed' : 'would be fixed'}`] : []),
    counted(findings.length, 'finding'),
    `${errors} of them ${errors === 1 ? 'an error' : 'errors'}`,
    ...(baseline ? [`${baseline.suppressed} in the baseline`] : []),
  ].join(', ');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
