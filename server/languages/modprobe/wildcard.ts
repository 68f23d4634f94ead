/**
 * Matches as `fnmatch(3)` without flags does: `*`, `?` and `[a-z]`, `[!a]`. Linear in the product of the lengths.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let index = 0;
  let starAt = -1;
  let starIndex = 0;
  while (index < text.length) {
    const step = at < pattern.length ? matchOne(pattern, at, text[index] as string) : undefined;
    if (pattern[at] === '*') {
      starAt = at++;
      starIndex = index;
    } else if (step !== undefined) {
      at = step;
      index++;
    } else if (starAt !== -1) {
      at = starAt + 1;
      index = ++starIndex;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

export const hasWildcard = (name: string): boolean => /[*?[]/.test(name);

/** Where the pattern goes on after it took one character; `undefined` where it does not take it. */
function matchOne(pattern: string, at: number, char: string): number | undefined {
  const own = pattern[at];
  if (own === '?') return at + 1;
  if (own === '[') return matchSet(pattern, at, char);
  if (own === '\\' && at + 1 < pattern.length) return pattern[at + 1] === char ? at + 2 : undefined;
  return own === char ? at + 1 : undefined;
}

function matchSet(pattern: string, at: number, char: string): number | undefined {
  const isNegated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const first = at + (isNegated ? 2 : 1);
  const end = pattern.indexOf(']', first + 1);
  if (end === -1) return char === '[' ? at + 1 : undefined;
  const isIn = setHas(pattern.slice(first, end), char);
  return isIn !== isNegated ? end + 1 : undefined;
}

function setHas(set: string, char: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const isRange = set[at + 1] === '-' && at + 2 < set.length;
    if (isRange && (set[at] as string) <= char && char <= (set[at + 2] as string)) return true;
    if (isRange) at += 2;
    else if (set[at] === char) return true;
  }
  return false;
}
