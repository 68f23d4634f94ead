import type { Token } from '../text/span.ts';

/** One part of a property string: `key=value`, or a value alone. Columns are those of the line. */
export interface Part {
  /** Zero-width before the value where the part has no `=`. */
  readonly key: Token;
  readonly hasEquals: boolean;
  /** Zero-width where nothing stands after the `=`. */
  readonly value: Token;
  /** The whole part without the comma. */
  readonly whole: Token;
}

/**
 * Splits `a,b=c;d` at its commas. There is no quoting and no trimming: blanks belong to what they touch.
 * Every character of the value is in one part or is a comma; an empty value is one empty part.
 */
export function parsePropertyString(value: Token): readonly Part[] {
  let at = value.start;
  return value.text.split(',').map(text => {
    const part = parsePart(text, at);
    at += text.length + 1;
    return part;
  });
}

function parsePart(text: string, at: number): Part {
  const equals = text.indexOf('=');
  const whole = { text, start: at, end: at + text.length };
  if (equals === -1) return { key: { text: '', start: at, end: at }, hasEquals: false, value: whole, whole };
  return { key: piece(text, at, 0, equals), hasEquals: true, value: piece(text, at, equals + 1, text.length), whole };
}

const piece = (text: string, at: number, start: number, end: number): Token => ({
  text: text.slice(start, end),
  start: at + start,
  end: at + end,
});
