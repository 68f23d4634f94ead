/**
 * What has been computed of some unchanging thing, kept with it: faster than a WeakMap for each, where a keystroke asks
 * thousands of them. It belongs to one thing only and is invisible to comparisons.
 */
export class Memo {
  readonly #results = new Map<object, unknown>();

  /** The result of a computation, which runs at most once; the computation itself is the key. */
  get<T>(compute: () => T, key: object): T {
    const known = this.#results.get(key);
    if (known !== undefined) return known as T;
    const result = compute();
    this.#results.set(key, result);
    return result;
  }
}
