import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { languages } from '../languages/index.ts';
import { fromLines } from '../text/lines.ts';
import { loadPaths } from './loadPaths.ts';
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
  for (const { name, file } of loaded.asked) {
    const formatted = languages.find(language => language.id === file.place.language)?.format?.(file);
    if (formatted === undefined) continue;
    if (options.stdout) output.out(formatted);
    if (formatted === fromLines(file.lines)) continue;
    changed++;
    if (options.stdout) continue;
    if (!options.check) await writeFile(fileURLToPath(file.uri), formatted);
    output.out(`${name}: ${options.check ? 'would change' : 'formatted'}\n`);
  }
  return options.check && changed > 0 ? 1 : 0;
}
