import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PackageVersions } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { filesAtOnce } from '../nodeFiles.ts';
import type { RuleSettings } from '../rules/run.ts';
import { findConfig, noConfig, readConfig, type SiteConfig } from '../services/siteConfig.ts';

/** What the hostpci.json of the files say. */
export interface Configs {
  readonly rules: RuleSettings;
  /** By site (`Place.root`). */
  readonly siteVersions: ReadonlyMap<string, PackageVersions>;
  /** Why nothing can be judged: a slip in settings must not switch a check off, nor on. */
  readonly problems: readonly string[];
}

/**
 * Reads the settings for files: of `--config`, else for each site the nearest hostpci.json at or above it. Files without a
 * site look from where they lie.
 */
export async function loadConfigs(files: readonly SourceFile[], path?: string): Promise<Configs> {
  const given = path === undefined ? undefined : await givenConfig(path);
  const found = new Map<string, SiteConfig>();
  const byFile = new Map<string, SiteConfig>();
  for (const file of files) {
    const directory = directoryOf(file);
    const config = given ?? found.get(directory) ?? (await findConfig(directory, disk));
    found.set(directory, config);
    byFile.set(file.uri, config);
  }
  const problems = new Set<string>();
  for (const { uri, problems: list } of new Set([...(given ? [given] : []), ...found.values()])) {
    for (const problem of list) problems.add(`${path ?? shownName(uri)}: ${problem}`);
  }
  return {
    rules: { severityOf: (rule, uri) => byFile.get(uri)?.rules.severityOf(rule, uri) },
    siteVersions: new Map(
      files.flatMap(file => {
        const versions = byFile.get(file.uri)?.assumedVersions;
        return versions ? [[file.place.root, versions] as const] : [];
      }),
    ),
    problems: [...problems],
  };
}

const disk = filesAtOnce;

async function givenConfig(path: string): Promise<SiteConfig> {
  try {
    return await readConfig(pathToFileURL(resolve(path)).href, await readFile(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { ...noConfig, problems: [`cannot be read (${code})`] };
  }
}

const directoryOf = ({ uri, place }: SourceFile): string =>
  place.root === '' ? uri.slice(0, uri.lastIndexOf('/')) : place.root;

const shownName = (uri: string | undefined): string => (uri === undefined ? '' : relative('', fileURLToPath(uri)));
