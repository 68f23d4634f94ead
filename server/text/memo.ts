/**
 * What has been computed of some unchanging thing, kept with it: faster than a WeakMap where a keystroke asks thousands
 * of them. It belongs to one thing only and is invisible to comparisons.
 */
export class Memo {
  readonly #results = new Map<object, unknown>();

  /** A result by the computation that made it; `undefined` where that has not run. */
  get<T>(key: object): T | undefined {
    return this.#results.get(key) as T | undefined;
  }

  set<T>(key: object, result: T): T {
    this.#results.set(key, result);
    return result;
  }
}
