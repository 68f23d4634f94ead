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
export function parsePropertyString(value: Token): readonly PartOfToken[] {
  const { text } = value;
  const parts: PartOfToken[] = [];
  let start = 0;
  let equals = text.indexOf('=');
  for (;;) {
    const comma = text.indexOf(',', start);
    const end = comma === -1 ? text.length : comma;
    if (equals !== -1 && equals < start) equals = text.indexOf('=', start);
    parts.push(new PartOfToken(value, start, end, equals < end ? equals : -1));
    if (comma === -1) return parts;
    start = comma + 1;
  }
}

/**
 * A part by its columns in the token of the whole value. There are very many parts, and of most of them somebody wants to
 * see one token at most: these are made when asked for.
 */
export class PartOfToken implements Part {
  readonly start: number;
  readonly end: number;
  /** Column of the `=`; -1 without one. */
  readonly equals: number;
  readonly #token: Token;

  constructor(token: Token, start: number, end: number, equals: number) {
    this.#token = token;
    this.start = start;
    this.end = end;
    this.equals = equals;
  }

  get hasEquals(): boolean {
    return this.equals !== -1;
  }

  get key(): Token {
    return this.#piece(this.start, Math.max(this.equals, this.start));
  }

  get value(): Token {
    return this.#piece(this.hasEquals ? this.equals + 1 : this.start, this.end);
  }

  get whole(): Token {
    return this.#piece(this.start, this.end);
  }

  #piece(start: number, end: number): Token {
    const { text, start: column } = this.#token;
    return { text: text.slice(start, end), start: column + start, end: column + end };
  }
}
