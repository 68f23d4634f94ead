import { emptyInventory } from '../host/inventory.ts';
import { type Settings, switchable } from './languageService.ts';
import type { Severity } from './rules/rule.ts';

const severities = ['error', 'warning', 'info', 'hint', 'off'] as const;

/**
 * Reads the user's settings (`hostpci.*`) from whatever an editor sends. What is missing or of the wrong type keeps its
 * default, so that a slip in a settings file never switches the checks off.
 */
export function readSettings(sent: unknown): Settings {
  const root = asObject(sent);
  const chosen = asObject(root.rules);
  const version = root.assumedVersion;
  return {
    rules: { severityOf: rule => severityIn(chosen, rule) },
    off: new Set(switchable.filter(name => asObject(root[name]).enabled === false)),
    assumedVersions: {
      ...emptyInventory.versions,
      ...(typeof version === 'string' && /^\d+(?:\.\d+)*$/.test(version) ? { qemuServer: version } : {}),
    },
  };
}

/** The rule's own entry, else the one of its area (`modprobe/*`). */
function severityIn(chosen: Readonly<Record<string, unknown>>, rule: string): Severity | 'off' | undefined {
  const value = chosen[rule] ?? chosen[`${rule.slice(0, rule.indexOf('/'))}/*`];
  return severities.find(known => known === value);
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
