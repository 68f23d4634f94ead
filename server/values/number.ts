import type { ValueKind } from './kind.ts';

/** A top-level integer: digits only, no sign. Limits are not checked when a file is read. */
export const digits: ValueKind = {
  describe: 'a whole number such as 4',
  check: text => (/^[0-9]+$/.test(text) ? undefined : 'is not a whole number: digits only, no sign, unit or blank'),
  mend: text => /^[ \t]*\+?([0-9]+)[ \t]*$/.exec(text)?.[1],
};

/** A top-level number: digits, and more of them after one dot. */
export const decimal: ValueKind = {
  describe: 'a number such as 1.5',
  check: text => (/^[0-9]+(?:\.[0-9]+)?$/.test(text) ? undefined : 'is not a number: digits, with a dot for decimals'),
  mend: text => (/^[0-9]+,[0-9]+$/.test(text) ? text.replace(',', '.') : undefined),
};

/** An integer in a property string: it may have a sign. */
export const signedInteger: ValueKind = {
  describe: 'a whole number such as 4',
  check: text => (/^[+-]?[0-9]+$/.test(text) ? undefined : 'is not a whole number'),
  mend: text => /^[ \t]*([+-]?[0-9]+)[ \t]*$/.exec(text)?.[1],
};

/** A number in a property string: sign, decimals and an exponent are fine. */
export const signedNumber: ValueKind = {
  describe: 'a number such as 1.5',
  check: text => (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text) ? undefined : 'is not a number'),
  mend: text => (/^[0-9]+,[0-9]+$/.test(text) ? text.replace(',', '.') : undefined),
};
