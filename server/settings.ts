import { emptyInventory } from '../host/inventory.ts';
import { type Settings, switchable } from './languageService.ts';
import { readRuleSettings } from './rules/ruleSettings.ts';
import { readVersion, ruleIds } from './services/siteConfig.ts';

/**
 * Reads the user's settings (`hostpci.*`) from whatever an editor sends. What is missing or wrong keeps its default, so
 * that a slip in a settings file never switches the checks off; what is wrong is told in `problems`.
 */
export async function readSettings(sent: unknown): Promise<Settings> {
  const root = asObject(sent);
  const rules = await readRuleSettings(root.rules ?? undefined, ruleIds);
  const version = readVersion(root.assumedVersion ?? undefined);
  return {
    rules: rules.settings,
    off: new Set(switchable.filter(name => asObject(root[name]).enabled === false)),
    assumedVersions: version.versions ?? emptyInventory.versions,
    problems: [...rules.problems, ...version.problems].map(problem => `setting hostpci.${problem}`),
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
