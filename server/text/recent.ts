/**
 * What was made of texts, kept for those that somebody asked for of late: when there are `most` of them, those of the
 * round before are forgotten.
 */
export class Recent<Value> {
  readonly #most: number;
  #now = new Map<string, Value>();
  #before = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The same value for the same text, as long as it is known. */
  get(text: string, make: (text: string) => Value): Value {
    const known = this.#now.get(text);
    if (known !== undefined) return known;
    const value = this.#before.get(text) ?? make(text);
    if (this.#now.size >= this.#most) {
      this.#before = this.#now;
      this.#now = new Map();
    }
    this.#now.set(text, value);
    return value;
  }
}
