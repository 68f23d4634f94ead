import { emptyInventory, type PackageVersions } from '../../host/inventory.ts';
import { rules } from '../rules/index.ts';
import { meant, readRuleSettings } from '../rules/ruleSettings.ts';
import { defaultSettings, type RuleSettings } from '../rules/run.ts';
import { readJson } from '../text/json.ts';
import type { FileSystem } from '../workspace/fileSystem.ts';

/** What a hostpci.json says. */
export interface SiteConfig {
  /** URI of the file; `undefined` where there is none. */
  readonly uri: string | undefined;
  readonly rules: RuleSettings;
  /** Versions to assume where no host says them; `undefined` where the file does not say it. */
  readonly assumedVersions: PackageVersions | undefined;
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

export const noConfig: SiteConfig = {
  uri: undefined,
  rules: defaultSettings,
  assumedVersions: undefined,
  problems: [],
};

export const configName = 'hostpci.json';

/**
 * Reads the nearest hostpci.json at or above a directory, `etc/hostpci.json` before the one beside the `etc/`. The nearest
 * counts alone; nothing of those above it is added.
 * @param directory URI: the root of a site, or where a file without a site lies
 */
export async function findConfig(directory: string, disk: FileSystem): Promise<SiteConfig> {
  const above = ancestors(directory);
  const uris = [`${directory}/etc/${configName}`, ...above.map(one => `${one}/${configName}`)];
  for (const uri of uris) {
    const text = await disk.read(uri);
    if (text !== undefined) return await readConfig(uri, text);
  }
  return noConfig;
}

/** Reads the text of a hostpci.json. Never throws: what is wrong keeps its default and is told. */
export async function readConfig(uri: string, text: string): Promise<SiteConfig> {
  const read = readJson(text);
  if ('problem' in read) return { ...noConfig, uri, problems: [read.problem] };
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ...noConfig, uri, problems: ['must be an object with "rules" and "assumedVersion"'] };
  }
  const { rules: chosen, assumedVersion } = value as Readonly<Record<string, unknown>>;
  const { settings, problems } = await readRuleSettings(chosen, ruleIds, uri.slice(0, uri.lastIndexOf('/')));
  const version = readVersion(assumedVersion);
  return {
    uri,
    rules: settings,
    assumedVersions: version.versions,
    problems: [...strangeKeys(value), ...problems, ...version.problems],
  };
}

export const ruleIds: readonly string[] = rules.map(rule => rule.id);

/** Reads `assumedVersion`; an empty one says nothing. */
export function readVersion(value: unknown): {
  readonly versions: PackageVersions | undefined;
  readonly problems: readonly string[];
} {
  if (value === undefined || value === '') return { versions: undefined, problems: [] };
  if (typeof value === 'string' && /^\d+(?:\.\d+)*$/.test(value)) {
    return { versions: { ...emptyInventory.versions, qemuServer: value }, problems: [] };
  }
  const problem = `assumedVersion: ${JSON.stringify(value)} is no version of qemu-server, such as "8.4.1"`;
  return { versions: undefined, problems: [problem] };
}

const keys = ['$schema', 'rules', 'assumedVersion'];

const strangeKeys = (value: object): readonly string[] =>
  Object.keys(value)
    .filter(key => !keys.includes(key))
    .map(
      key => `${JSON.stringify(key)} is not known${meant(key, keys) || ' (there are "rules" and "assumedVersion")'}`,
    );

/** A directory's URI and those above it, up to the root of its file system. */
function ancestors(directory: string): readonly string[] {
  const root = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(directory)?.[0] ?? '';
  const found: string[] = [];
  for (let at = directory; at.length >= root.length; at = at.slice(0, at.lastIndexOf('/'))) {
    found.push(at);
    if (at.length === root.length || found.length > 64) break;
  }
  return found;
}
