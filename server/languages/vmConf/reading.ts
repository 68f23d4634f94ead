import type { Part } from '../../syntax/propertyString.ts';
import type { Token } from '../../text/span.ts';

/** What is wrong with a line; each has its own rule. All but the last four make Proxmox's reader refuse it or warn. */
export type ReasonCode =
  | 'syntax'
  | 'unknown-key'
  | 'unknown-section'
  | 'duplicate-section'
  | 'delete-outside-pending'
  | 'line-feed'
  | 'value'
  | 'sub-unknown'
  | 'sub-duplicate'
  | 'sub-incomplete'
  | 'sub-no-default-key'
  | 'sub-missing'
  | 'sub-value'
  | 'sub-enum'
  | 'sub-range'
  | 'cpu-model'
  | 'cpu-custom-model'
  | 'cpu-type-missing'
  | 'cpu-flag'
  | 'cpu-reported-model'
  // A line that is taken for the snapstate at its end.
  | 'swallowed'
  // Of lines that are accepted: the API would refuse the value, the reader does not look.
  | 'unchecked-enum'
  | 'unchecked-range'
  | 'unchecked-pattern';

/** One reason with the exact stretch of the line that it is about. */
export interface Reason {
  readonly code: ReasonCode;
  readonly token: Token;
  /** The sub-property as written, or the one that is missing. */
  readonly sub?: string;
  /** What is wrong with the value, to go after the quoted value. */
  readonly fault?: string;
  /** The token's replacement where it is beyond doubt; '' takes the whole part out. */
  readonly mended?: string;
}

/** What the reader does with a line. */
export type Status =
  /** A value is stored. */
  | 'accepted'
  /** Warned about, and gone at the next rewrite. */
  | 'rejected'
  /** A header. */
  | 'section'
  /** A header whose section was there before: the earlier contents are lost. */
  | 'warned'
  /** In a section that the reader does not know. */
  | 'ignored'
  /** Swallowed without a word. */
  | 'inert'
  | 'blank';

export interface LineReading {
  readonly status: Status;
  readonly reasons: readonly Reason[];
}

/** The sub-properties of a value by stored name, in the order in which they are written. */
export type Properties = Pick<ReadonlyMap<string, Property>, 'get' | 'has' | 'keys' | 'values' | 'size'>;

/** A sub-property as it is stored: aliases and the default key resolved. */
export interface Property {
  /** The stored name: `file` for `volume=…` and for a part without `=`. */
  readonly name: string;
  readonly value: Token;
  readonly part: Part;
}
