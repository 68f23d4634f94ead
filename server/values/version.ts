/**
 * Orders package versions as Debian writes them, as far as Proxmox's packages need it: numbers between dots, hyphens and
 * pluses, from left to right; a missing one counts as 0. `8.4.1` < `9.0.25`, `6.0-8` < `6.1-3`.
 */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True where a version is known and older than another. */
export const isOlder = (version: string | undefined, than: string): boolean =>
  version !== undefined && compareVersions(version, than) < 0;

const known = new Map<string, readonly number[]>();

/** Few versions are compared with each other again and again. */
function numbersOf(version: string): readonly number[] {
  let numbers = known.get(version);
  if (!numbers) {
    numbers = version
      .replace(/~.*/, '')
      .split(/[^0-9]+/)
      .filter(part => part !== '')
      .map(Number);
    if (known.size >= 1024) known.clear();
    known.set(version, numbers);
  }
  return numbers;
}
