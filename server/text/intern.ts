const known = new Map<string, string>();

/**
 * The same string for the same text: of names that stand in thousands of lines one is kept, and looking it up in a map
 * again takes no comparison of letters.
 */
export function intern(text: string): string {
  const same = known.get(text);
  if (same !== undefined) return same;
  if (known.size >= 4096) known.clear();
  known.set(text, text);
  return text;
}
