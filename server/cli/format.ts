import { fileURLToPath } from 'node:url';
import { languages } from '../languages/index.ts';
import { fromLines } from '../text/lines.ts';
import { loadPaths } from './loadPaths.ts';
import { replaceFile, whyNotWritten } from './replaceFile.ts';
import type { Output } from './textFile.ts';

export interface FormatOptions {
  /** Say which files would change and write none. */
  readonly check?: boolean;
  /** Print the formatted text and write nothing. */
  readonly stdout?: boolean;
  readonly language?: string;
}

/**
 * Writes files as Proxmox would. Files of languages that have no such form are left out. Answers the exit code: 0, with
 * `--check` 1 when a file would change, 2 when it could not run.
 */
export async function format(paths: readonly string[], options: FormatOptions, output: Output): Promise<number> {
  const loaded = await loadPaths(paths, options);
  for (const problem of loaded.problems) output.err(problem);
  if (loaded.problems.length > 0) return 2;
  let changed = 0;
  let failed = 0;
  for (const { name, file } of loaded.asked) {
    const formatted = languages.find(language => language.id === file.place.language)?.format?.(file);
    if (formatted === undefined) continue;
    if (options.stdout) output.out(formatted);
    const before = fromLines(file.lines);
    if (formatted === before) continue;
    changed++;
    if (options.stdout) continue;
    const problem = options.check ? undefined : await write(fileURLToPath(file.uri), before, formatted);
    if (problem !== undefined) {
      output.err(`${name}: ${problem}`);
      failed++;
      continue;
    }
    output.out(`${name}: ${options.check ? 'would change' : 'formatted'}\n`);
  }
  if (failed > 0) return 2;
  return options.check && changed > 0 ? 1 : 0;
}

/** Answers why it failed, if it did. */
async function write(path: string, before: string, after: string): Promise<string | undefined> {
  try {
    await replaceFile(path, before, after);
    return undefined;
  } catch (error) {
    return whyNotWritten(error, path);
  }
}
