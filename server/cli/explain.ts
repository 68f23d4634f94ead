import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explain as explainText } from '../explain/explain.ts';
import type { FoundReport, Match } from '../explain/explanation.ts';
import { findingsFor } from '../explain/findings.ts';
import { rules } from '../rules/index.ts';
import { emptyWorld, type World } from '../workspace/world.ts';
import { loadPaths } from './loadPaths.ts';
import { type Output, printable, readText } from './textFile.ts';

export interface ExplainOptions {
  readonly snapshot?: string;
  readonly format: 'text' | 'json';
}

/**
 * Tells what a pasted error message means and which lines of the files cause it. Answers the exit code: 0 when something
 * was recognised, 1 when nothing was, 2 when it could not run.
 */
export async function explain(
  given: string,
  paths: readonly string[],
  options: ExplainOptions,
  output: Output,
): Promise<number> {
  const text = given === '-' ? await readText('-', output) : given;
  if (text === undefined) return 2;
  const world = await worldOf(paths, options, output);
  if (!world) return 2;
  const crashes: string[] = [];
  const onCrash = (rule: { readonly id: string }): void => void crashes.push(`rule ${rule.id} failed`);
  const { matches } = explainText(text, clue => findingsFor(world, { rules, onCrash }, clue, undefined));
  for (const crash of crashes) output.err(crash);
  if (options.format === 'json')
    output.out(`${JSON.stringify({ version: 1, matches: matches.map(toJson) }, null, 2)}\n`);
  else if (matches.length > 0) output.out(matches.map(one => asText(one, world.files.size > 0)).join('\n'));
  else await sayNothingKnown(given, output);
  return crashes.length > 0 ? 2 : matches.length > 0 ? 0 : 1;
}

/** The files that were named; without any, the tree around the working directory where it is one. */
async function worldOf(paths: readonly string[], options: ExplainOptions, output: Output): Promise<World | undefined> {
  const isTree = paths.length > 0 || (await exists('etc/pve')) || (await exists('etc/modprobe.d'));
  if (!isTree && options.snapshot === undefined) return emptyWorld;
  const loaded = await loadPaths(paths.length > 0 || !isTree ? paths : ['.'], options);
  for (const problem of loaded.problems) output.err(problem);
  return loaded.problems.length > 0 ? undefined : loaded.world;
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

async function sayNothingKnown(given: string, output: Output): Promise<void> {
  output.err('nothing in this text is a message that hostpci knows');
  if (given !== '-' && (await exists(given)))
    output.err(`to explain what is in the file: hostpci explain - < ${given}`);
}

function asText({ excerpt, meaning, advice, rules: ids, findings }: Match, hasFiles: boolean): string {
  const lines = [printable(excerpt), `  ${printable(meaning)}`, `  What to do: ${printable(advice)}`];
  if (findings.length > 0)
    lines.push(...findings.map(one => `  ${placeOf(one)} ${one.severity}  ${printable(one.message)}  ${one.rule}`));
  else if (ids.length > 0 && hasFiles) lines.push(`  No file at hand shows the cause. See ${ids.join(', ')}.`);
  else if (ids.length > 0)
    lines.push(`  Name the host's tree behind the text to find the line that causes it: ${ids.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

const fileOf = (uri: string): string => relative('', fileURLToPath(uri));

const placeOf = ({ uri, span }: FoundReport): string => `${fileOf(uri)}:${span.line + 1}:${span.start + 1}`;

const toJson = ({ findings, ...match }: Match) => ({
  ...match,
  line: match.line + 1,
  findings: findings.map(({ uri, span, rule, severity, message }) => ({
    file: fileOf(uri),
    line: span.line + 1,
    column: span.start + 1,
    rule,
    severity,
    message,
  })),
});
