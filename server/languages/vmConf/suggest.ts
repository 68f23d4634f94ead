import { span, type Token } from '../../text/span.ts';
import type { Suggestion, SuggestionKind } from '../language.ts';

/** Where suggestions of one request go. */
export interface Target {
  readonly line: number;
  readonly token: Token;
  /** A blank is put before what is inserted. */
  readonly needsBlank?: boolean;
}

export interface SuggestionParts extends Partial<Omit<Suggestion, 'label' | 'kind' | 'replace' | 'sort'>> {
  /** Place in the list: smaller comes first, equal ones by label. */
  readonly rank?: number;
}

/** One suggestion that replaces the target's token; it inserts its label unless told otherwise. */
export function suggest(target: Target, label: string, kind: SuggestionKind, parts: SuggestionParts = {}): Suggestion {
  const { rank = 500, insert = label, ...rest } = parts;
  return {
    label,
    kind,
    replace: span(target.line, target.token.start, target.token.end),
    insert: target.needsBlank ? ` ${insert}` : insert,
    sort: `${String(rank).padStart(4, '0')} ${label}`,
    ...rest,
  };
}

/** A property of an object only where it has a value, for optional fields. */
export const maybe = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
