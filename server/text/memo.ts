/**
 * What has been computed of some unchanging thing, kept with it: faster and smaller than a WeakMap where there are many
 * such things. It belongs to one thing only, is meant for a handful of results, and is invisible to comparisons.
 */
export class Memo {
  /** A key, its result, the next key. There is one for every line, so it is never longer than it has to be. */
  #results: readonly unknown[] = none;

  /** A result by the computation that made it; `undefined` where that has not run. */
  get<T>(key: object): T | undefined {
    const results = this.#results;
    for (let at = 0; at < results.length; at += 2) if (results[at] === key) return results[at + 1] as T;
    return undefined;
  }

  set<T>(key: object, result: T): T {
    const before = this.#results;
    const results = new Array<unknown>(before.length + 2);
    for (let at = 0; at < before.length; at++) results[at] = before[at];
    results[before.length] = key;
    results[before.length + 1] = result;
    this.#results = results;
    return result;
  }
}

const none: readonly unknown[] = [];
