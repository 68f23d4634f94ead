import { relative } from 'node:path';
import type { SourceFile } from '../languages/language.ts';
import { rules } from '../rules/index.ts';
import type { Report } from '../rules/rule.ts';
import { ruleSet, runRules } from '../rules/run.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import type { Baseline } from './baseline.ts';
import { type CheckResult, type JsonFinding, type JsonFix, print } from './checkOutput.ts';
import { loadConfigs } from './config.ts';
import type { Fixed } from './fix.ts';
import { type LoadedPaths, loadPaths } from './loadPaths.ts';
import type { Output } from './textFile.ts';

export interface CheckOptions {
  readonly snapshot?: string;
  readonly language?: string;
  readonly format: 'text' | 'json';
  /** Settings for all files, instead of the nearest hostpci.json. */
  readonly config?: string;
  /** Apply what is safe to apply and write it. */
  readonly fix?: boolean;
  /** With `fix`: show what would be written, and write nothing. */
  readonly dryRun?: boolean;
  /** The file of findings that are known and accepted. */
  readonly baseline?: string;
  /** With `baseline`: write it from what is found. */
  readonly updateBaseline?: boolean;
}

/** Checks paths and prints the findings. Answers the exit code. */
export async function check(paths: readonly string[], options: CheckOptions, output: Output): Promise<number> {
  const input = await readInput(paths, options);
  if (Array.isArray(input)) {
    for (const problem of input) output.err(problem);
    return 2;
  }
  const { loaded, baseline } = input;
  const crashes = new Set<string>();
  const set = ruleSet(rules);
  const all = (file: SourceFile, world: World): readonly Report[] =>
    runRules(set, file, world, (rule, where, error) => crashes.add(crashText(rule.id, where, error)), input.settings);
  const fresh = (file: SourceFile, world: World): readonly Report[] =>
    baseline ? baseline.fresh(file, all(file, world)) : all(file, world);
  const dryRun = options.dryRun === true;
  const fixed = options.fix
    ? await (await import('./fix.ts')).fixFiles(loaded, { paths, dryRun, reportsOn: fresh })
    : undefined;
  const world = fixed?.world ?? loaded.world;
  const judged = loaded.asked.map(({ name, file: { uri } }): JudgedFile => {
    const file = world.files.get(uri) as SourceFile;
    return { name, file, reports: (baseline ? undefined : fixed?.reports.get(uri)) ?? all(file, world) };
  });
  for (const problem of [...crashes, ...(fixed?.failures ?? [])]) output.err(problem);
  const isBroken = crashes.size > 0 || (fixed?.failures.length ?? 0) > 0;
  let known = baseline;
  if (options.updateBaseline && isBroken) output.err(`${options.baseline}: the baseline was not written`);
  if (baseline && options.updateBaseline && !isBroken) {
    const updated = await baseline.update(judged);
    if (typeof updated === 'string') {
      output.err(updated);
      return 2;
    }
    known = updated;
  }
  const result: CheckResult = {
    version: 1,
    ...findingsIn(judged, known),
    gaps: gapsOf(
      world,
      judged.map(one => one.file),
      loaded.unread,
    ),
    ...(fixed ? fixesIn(fixed, loaded) : {}),
  };
  print(result, judged.length, options, output);
  if (isBroken) return 2;
  return result.findings.some(finding => finding.severity === 'error') ? 1 : 0;
}

interface JudgedFile {
  readonly name: string;
  readonly file: SourceFile;
  /** Those that are in the baseline too. */
  readonly reports: readonly Report[];
}

/** All that is read before anything is judged, or why it cannot be. */
async function readInput(paths: readonly string[], options: CheckOptions) {
  const misuse = misuseOf(options);
  if (misuse !== undefined) return [misuse];
  const loaded = await loadPaths(paths, options);
  if (loaded.problems.length > 0) return [...loaded.problems];
  const configs = await loadConfigs(
    loaded.asked.map(one => one.file),
    options.config,
  );
  if (configs.problems.length > 0) return [...configs.problems];
  const baseline =
    options.baseline === undefined
      ? undefined
      : await (await import('./baseline.ts')).openBaseline(options.baseline, paths);
  if (typeof baseline === 'string') return [baseline];
  const world = { ...loaded.world, siteVersions: configs.siteVersions };
  return { loaded: { ...loaded, world }, settings: configs.rules, baseline };
}

function misuseOf({ fix, dryRun, baseline, updateBaseline }: CheckOptions): string | undefined {
  if (dryRun && !fix) return '--dry-run goes with --fix';
  if (updateBaseline && baseline === undefined) return '--update-baseline goes with --baseline FILE';
  if (updateBaseline && dryRun) return '--update-baseline writes, --dry-run does not: leave one out';
  return undefined;
}

const crashText = (rule: string, where: SourceFile, error: unknown): string =>
  `rule ${rule} failed on ${where.place.path}: ${String(error)}`;

function findingsIn(judged: readonly JudgedFile[], baseline: Baseline | undefined) {
  const findings = judged.flatMap(({ name, file, reports }) =>
    (baseline?.fresh(file, reports) ?? reports).map(report => toFinding(name, report)),
  );
  if (!baseline) return { findings };
  const total = judged.reduce((sum, one) => sum + one.reports.length, 0);
  return { findings, baseline: { suppressed: total - findings.length, stale: baseline.stale(judged) } };
}

function fixesIn({ fixed, notFixed, diff }: Fixed, { asked }: LoadedPaths) {
  const names = new Map(asked.map(({ name, file }) => [file.uri, name]));
  const toFix = ({ uri, report, fix }: Fixed['fixed'][number]): JsonFix => ({
    file: names.get(uri) ?? uri,
    line: report.span.line + 1,
    rule: report.rule,
    title: fix.title,
  });
  return {
    fixed: fixed.map(toFix),
    notFixed: notFixed.map(one => ({ ...toFix(one), reason: one.reason })),
    ...(diff === undefined ? {} : { diff }),
  };
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

function gapsOf(world: World, files: readonly SourceFile[], unread: readonly string[]): readonly string[] {
  const inventories = new Set(files.map(file => inventoryOf(world, file)));
  const missing = new Set(
    files
      .filter(file => !inventoryOf(world, file) && !isOfManyHosts(world, file))
      .map(file => file.place.node ?? siteName(file)),
  );
  return [
    ...unread,
    ...[...missing].map(node => `nothing is known of the host ${node}: checks that need its devices were left out`),
    ...[...inventories].flatMap(inventory => inventory?.gaps ?? []),
  ];
}

/** A file of the whole cluster, of which a host is known: what it says of that host's devices was judged. */
const isOfManyHosts = (world: World, { place }: SourceFile): boolean =>
  place.node === undefined &&
  /^\/etc\/pve\//.test(place.path) &&
  world.snapshots.some(({ root }) => root === place.root);

function siteName(file: SourceFile): string {
  const { root } = file.place;
  return root === '' ? file.place.path : relative('', decodeURIComponent(new URL(root).pathname)) || '.';
}
