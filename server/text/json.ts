/** The value of a JSON text, or in words what is wrong with it and where: line and column from 1. Never throws. */
export function readJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  const plain = text.replace(/^\ufeff/, '');
  try {
    return { value: JSON.parse(plain) as unknown };
  } catch (error) {
    const before = plain.slice(0, lastReadable(plain)).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
    return { problem: `is not JSON: ${reasonOf(error)} at ${place}` };
  }
}

/** The reason alone: not every message of the parser says the place, and some quote the text instead. */
const reasonOf = (error: unknown): string =>
  messageOf(error)
    .replace(/ in JSON at position .*$| after JSON at position .*$|, (?:\.\.\.)?".*$/s, '')
    .replace(/^./, letter => letter.toLowerCase());

/** How much of the text could still be the beginning of JSON, found by halving. */
function lastReadable(text: string): number {
  if (isBeginning(text)) return text.length;
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const position = /at position (\d+)/.exec(messageOf(error))?.[1];
    return position === undefined ? messageOf(error).includes('end of JSON') : Number(position) >= text.length;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
