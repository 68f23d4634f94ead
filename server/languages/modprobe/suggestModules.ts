import type { Inventory } from '../../../host/inventory.ts';
import type { Span } from '../../text/span.ts';
import type { Library, Suggestion, Surroundings } from '../language.ts';
import { hostModules } from './hostModules.ts';
import { type Candidate, narrowed } from './narrow.ts';
import { knownModules } from './parameterDocs.ts';

/**
 * Module names; what drives a device of the host comes first, then what it loads. Spelled with dashes where the typed part
 * has one. There are thousands: only the best for what is typed are offered.
 */
export function suggestModules(
  { inventory, library }: Surroundings,
  typed: string,
  replace: Span,
): readonly Suggestion[] {
  const hasDash = typed.includes('-');
  const onHost = inventory ? hostModules(inventory) : none;
  return narrowed(candidates(library, inventory), typed).map(name =>
    suggestModule(hasDash ? name.replaceAll('_', '-') : name, onHost.get(name), replace),
  );
}

const none: ReadonlyMap<string, string> = new Map();
const known = new WeakMap<readonly string[], WeakMap<object, readonly Candidate[]>>();

/** Those of the host first. Kept for the names that are known and the host. */
function candidates(library: Library, inventory: Inventory | undefined): readonly Candidate[] {
  const names = knownModules(library);
  const ofHosts = known.get(names) ?? new WeakMap<object, readonly Candidate[]>();
  known.set(names, ofHosts);
  const key = inventory ?? names;
  const kept = ofHosts.get(key);
  if (kept) return kept;
  const all = new Set([...(inventory ? hostModules(inventory) : none).keys(), ...names]);
  const made = [...all].map(name => ({ name, text: name.toLowerCase().replaceAll('-', '_') }));
  ofHosts.set(key, made);
  return made;
}

function suggestModule(label: string, note: string | undefined, replace: Span): Suggestion {
  const other = label.includes('_') ? label.replaceAll('_', '-') : label.replaceAll('-', '_');
  return {
    label,
    kind: 'module',
    replace,
    insert: label,
    sort: `${note === undefined ? 2 : note === 'loaded' ? 1 : 0}${label}`,
    ...(note ? { note } : {}),
    ...(other === label ? {} : { filter: `${label} ${other}` }),
  };
}
