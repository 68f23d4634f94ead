/**
 * What has been computed of some unchanging thing, kept with it: faster and smaller than a WeakMap where there are many
 * such things. It belongs to one thing only, has room for a handful of results, and is invisible to comparisons.
 */
export class Memo {
  /** A key, its result, the next key; not there before the first result. */
  #results: unknown[] | undefined;

  /** A result by the computation that made it; `undefined` where that has not run. */
  get<T>(key: object): T | undefined {
    const results = this.#results;
    if (!results) return undefined;
    for (let at = 0; at < results.length; at += 2) if (results[at] === key) return results[at + 1] as T;
    return undefined;
  }

  set<T>(key: object, result: T): T {
    this.#results ??= [];
    this.#results.push(key, result);
    return result;
  }
}
