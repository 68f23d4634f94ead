import { type Position, type Span, span, tokenSpan, tokenTouches } from '../../text/span.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { parameterDoc, parametersKnown, typeName } from '../modprobe/parameterDocs.ts';
import { canonicalName } from '../modprobe/tree.ts';
import type { ModuleLine } from './tree.ts';

/** Names of parameters of the line's module. */
export function completeParameters(node: ModuleLine, at: Position, { library }: Surroundings): readonly Suggestion[] {
  const word = node.rest.find(one => tokenTouches(one, at.column));
  if (word && at.column > word.start + word.text.split('=')[0]!.length) return [];
  const module = canonicalName(node.name.text);
  const taken = new Set(node.rest.filter(one => one !== word).map(one => canonicalName(one.text.split('=')[0] ?? '')));
  const replace: Span = word ? tokenSpan(at.line, word) : span(at.line, at.column, at.column);
  return [...parametersKnown(library, module)]
    .filter(([name]) => !taken.has(canonicalName(name)))
    .map(([label, type]) => {
      const documentation = parameterDoc(library, module, label)?.doc;
      const value = word?.text.includes('=') ? word.text.slice(word.text.indexOf('=') + 1) : '';
      return {
        label,
        kind: 'property',
        replace,
        insert: `${label}=${value}`,
        detail: typeName(type),
        sort: `${documentation ? 0 : 1}${label}`,
        ...(documentation ? { documentation } : {}),
      };
    });
}
