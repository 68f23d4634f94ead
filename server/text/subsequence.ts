/** True where a text has all characters of another one in their order: what fuzzy filters of editors go by. */
export function hasInOrder(text: string, typed: string): boolean {
  let from = 0;
  for (let at = 0; at < typed.length; at++) {
    from = text.indexOf(typed[at] as string, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
