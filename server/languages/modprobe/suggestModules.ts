import type { Span } from '../../text/span.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { hostModules } from './hostModules.ts';
import { knownModules } from './parameterDocs.ts';

/**
 * Module names; what drives a device of the host comes first, then what it loads. Spelled with dashes where the typed part has one. There are
 * thousands, so only those are offered that have a word which starts with the first letter that was typed.
 */
export function suggestModules(
  { inventory, library }: Surroundings,
  typed: string,
  replace: Span,
): readonly Suggestion[] {
  const hasDash = typed.includes('-');
  const initial = typed.slice(0, 1).toLowerCase();
  const onHost = inventory ? hostModules(inventory) : new Map<string, string>();
  const others = knownModules(library).filter(name => !onHost.has(name));
  return [...onHost.keys(), ...others]
    .filter(name => initial === '' || startsWord(name.toLowerCase(), initial))
    .map(name => suggestModule(hasDash ? name.replaceAll('_', '-') : name, onHost.get(name), replace));
}

const startsWord = (name: string, initial: string): boolean => name.startsWith(initial) || name.includes(`_${initial}`);

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
