import { type Part, PartOfToken } from '../../syntax/propertyString.ts';
import type { Token } from '../../text/span.ts';
import type { Properties, Property } from './reading.ts';

/** Where a sub-property stands. */
export interface StoredPart {
  readonly part: PartOfToken;
  /** Its value is the part's key: `virtio=MAC` is `model=virtio` too. */
  readonly isKey: boolean;
}

/**
 * The sub-properties of one value. There is such a list for every line of every VM, and of most properties nobody asks: so
 * it is one array of names and columns, and an object is made of them when somebody wants to see it.
 */
export class PropertyList implements Properties {
  readonly size: number;
  readonly #token: Token;
  /** Of each property its name, its part's start, end and `=` in the token, and `isKey`. */
  readonly #cells: readonly Cell[];
  /** Where the cells of each name start; only where there are so many that a search would take long. */
  readonly #places: ReadonlyMap<string, number> | undefined;

  constructor(token: Token, stored: ReadonlyMap<string, StoredPart>) {
    this.size = stored.size;
    this.#token = token;
    const cells = new Array<Cell>(stored.size * width);
    let at = 0;
    for (const [name, { part, isKey }] of stored) {
      cells[at++] = name;
      cells[at++] = part.start;
      cells[at++] = part.end;
      cells[at++] = part.equals;
      cells[at++] = isKey;
    }
    this.#cells = cells;
    if (stored.size > few) this.#places = new Map([...stored.keys()].map((name, index) => [name, index * width]));
  }

  get(name: string): Property | undefined {
    const place = this.#placeOf(name);
    return place === -1 ? undefined : this.#propertyAt(place);
  }

  has(name: string): boolean {
    return this.#placeOf(name) !== -1;
  }

  *keys(): MapIterator<string> {
    for (let place = 0; place < this.#cells.length; place += width) yield this.#cells[place] as string;
  }

  *values(): MapIterator<Property> {
    for (let place = 0; place < this.#cells.length; place += width) yield this.#propertyAt(place);
  }

  #placeOf(name: string): number {
    if (this.#places) return this.#places.get(name) ?? -1;
    for (let place = 0; place < this.#cells.length; place += width) if (this.#cells[place] === name) return place;
    return -1;
  }

  #propertyAt(place: number): Property {
    const cells = this.#cells;
    const [start, end, equals] = [cells[place + 1], cells[place + 2], cells[place + 3]] as number[];
    const part = new PartOfToken(this.#token, start as number, end as number, equals as number);
    return new PropertyOfPart(cells[place] as string, part, cells[place + 4] as boolean);
  }
}

type Cell = string | number | boolean;
const width = 5;
const few = 16;

class PropertyOfPart implements Property {
  readonly name: string;
  readonly part: Part;
  readonly #isKey: boolean;

  constructor(name: string, part: Part, isKey: boolean) {
    this.name = name;
    this.part = part;
    this.#isKey = isKey;
  }

  get value(): Token {
    return this.#isKey ? this.part.key : this.part.value;
  }
}
