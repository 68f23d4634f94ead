import type { Inventory } from '../../host/inventory.ts';

/**
 * One kind of value, for every language that has such values: what is valid, what is meant by a text that is not, what
 * can be offered and how it is described.
 */
export interface ValueKind {
  /** What it is, with an article and an example: `a MAC address such as BC:24:11:2E:5F:01`. */
  readonly describe: string;
  /** `undefined` where the text is valid; else why it is not, to go after the quoted text: `has a blank in it`. */
  check(text: string): string | undefined;
  /** The valid text that an invalid one was meant to be, where that is beyond doubt. */
  mend?(text: string): string | undefined;
  /** Values to offer; the most likely first. */
  complete?(facts: ValueFacts): readonly ValueChoice[];
}

/** What is known when values are offered. */
export interface ValueFacts {
  readonly inventory: Inventory | undefined;
  /** Random numbers in [0, 1). */
  random(): number;
}

export interface ValueChoice {
  readonly text: string;
  readonly detail?: string;
}

/** A kind whose values are those that match a pattern. */
export const matching = (describe: string, pattern: RegExp, more: Partial<ValueKind> = {}): ValueKind => ({
  describe,
  check: text => (pattern.test(text) ? undefined : `is not ${describe}`),
  ...more,
});

/** A kind made of others: valid is what one of them accepts. */
export const anyOf = (describe: string, ...kinds: readonly ValueKind[]): ValueKind => ({
  describe,
  check: text => (kinds.some(kind => kind.check(text) === undefined) ? undefined : `is not ${describe}`),
  complete: facts => kinds.flatMap(kind => kind.complete?.(facts) ?? []),
});

/** A kind with a closed list of words. */
export const oneOf = (...words: readonly string[]): ValueKind => ({
  describe: `one of ${words.join(', ')}`,
  check: text => (words.includes(text) ? undefined : `is not one of ${words.join(', ')}`),
  complete: () => words.map(text => ({ text })),
});

/** A list of items that all are of one kind. */
export const listOf = (describe: string, item: ValueKind): ValueKind => ({
  describe,
  check: text => firstFault(splitList(text), item),
});

/**
 * Splits the way Proxmox splits its lists: at every run of commas, semicolons and blanks; at NULs alone where the text
 * has one. Empty items at the end do not count. Source: pve-common, PVE/Tools.pm split_list.
 */
export function splitList(text: string): readonly string[] {
  if (text.includes('\0')) return withoutEmptyEnd(text.split('\0'));
  return text.split(/[,; \t\r\f\v]+/).filter(item => item !== '');
}

/** Perl's `split` drops empty fields at the end, not those at the start or between. */
export function withoutEmptyEnd(fields: readonly string[]): readonly string[] {
  let end = fields.length;
  while (end > 0 && fields[end - 1] === '') end--;
  return fields.slice(0, end);
}

function firstFault(items: readonly string[], kind: ValueKind): string | undefined {
  for (const item of items) {
    const fault = kind.check(item);
    if (fault !== undefined) return items.length > 1 ? `has the item "${item}", which ${fault}` : fault;
  }
  return undefined;
}
