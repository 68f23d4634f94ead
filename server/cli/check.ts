import { relative } from 'node:path';
import type { SourceFile } from '../languages/language.ts';
import { rules } from '../rules/index.ts';
import type { Report } from '../rules/rule.ts';
import { ruleSet, runRules } from '../rules/run.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { loadPaths } from './loadPaths.ts';
import { type Output, printable } from './textFile.ts';

export interface CheckOptions {
  readonly snapshot?: string;
  readonly language?: string;
  readonly format: 'text' | 'json';
}

/** The form of `--format json`, stable since 0.1: lines and columns from 1 in UTF-16 units, `endColumn` exclusive. */
export interface CheckResult {
  readonly version: 1;
  readonly findings: readonly JsonFinding[];
  /** What could not be judged, in words. */
  readonly gaps: readonly string[];
}

interface JsonFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly rule: string;
  readonly severity: Report['severity'];
  readonly message: string;
  readonly fixes: readonly string[];
}

/** Checks paths and prints the findings. Answers the exit code. */
export async function check(paths: readonly string[], options: CheckOptions, output: Output): Promise<number> {
  const loaded = await loadPaths(paths, options);
  for (const problem of loaded.problems) output.err(problem);
  if (loaded.problems.length > 0) return 2;
  const crashes: string[] = [];
  const set = ruleSet(rules);
  const findings = loaded.asked.flatMap(({ name, file }) =>
    runRules(set, file, loaded.world, (rule, where, error) => {
      crashes.push(`rule ${rule.id} failed on ${where.place.path}: ${String(error)}`);
    }).map(report => toFinding(name, report)),
  );
  for (const crash of crashes) output.err(crash);
  const gaps = gapsOf(
    loaded.world,
    loaded.asked.map(one => one.file),
    loaded.unread,
  );
  const result: CheckResult = { version: 1, findings, gaps };
  output.out(options.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : asText(result, loaded.asked.length));
  if (crashes.length > 0) return 2;
  return findings.some(finding => finding.severity === 'error') ? 1 : 0;
}

function toFinding(file: string, report: Report): JsonFinding {
  const { span } = report;
  return {
    file,
    line: span.line + 1,
    column: span.start + 1,
    endLine: span.endLine + 1,
    endColumn: span.end + 1,
    rule: report.rule,
    severity: report.severity,
    message: report.message,
    fixes: (report.fixes ?? []).map(fix => fix.title),
  };
}

function asText(result: CheckResult, count: number): string {
  const lines = result.findings.map(
    one => `${one.file}:${one.line}:${one.column} ${one.severity}  ${printable(one.message)}  ${one.rule}`,
  );
  const gaps = result.gaps.map(gap => `not known: ${printable(gap)}`);
  const errors = result.findings.filter(one => one.severity === 'error').length;
  const total = `${count} ${count === 1 ? 'file' : 'files'}, ${result.findings.length} findings, ${errors} of them errors`;
  return `${[...lines, ...gaps, total].join('\n')}\n`;
}

function gapsOf(world: World, files: readonly SourceFile[], unread: readonly string[]): readonly string[] {
  const inventories = new Set(files.map(file => inventoryOf(world, file)));
  const missing = new Set(
    files.filter(file => !inventoryOf(world, file)).map(file => file.place.node ?? siteName(file)),
  );
  return [
    ...unread,
    ...[...missing].map(node => `nothing is known of the host ${node}: checks that need its devices were left out`),
    ...[...inventories].flatMap(inventory => inventory?.gaps ?? []),
  ];
}

function siteName(file: SourceFile): string {
  const { root } = file.place;
  return root === '' ? file.place.path : relative('', decodeURIComponent(new URL(root).pathname)) || '.';
}
