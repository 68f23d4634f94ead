/** Whole numbers below a bound, the same ones for the same seed (Park and Miller's generator). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return below => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
