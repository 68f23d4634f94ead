import { hasInOrder } from '../../text/subsequence.ts';

/** So many names are suggested: an editor is slow with thousands, and asks again after a keystroke. */
export const mostNames = 50;

/** A name that can be suggested; in `text` in lower case and with underscores. */
export interface Candidate {
  readonly name: string;
  readonly text: string;
}

/**
 * Of thousands of names those to suggest for what is typed: the name itself, names that start with it, names with a word that
 * does, and names that have its characters in their order.
 */
export function narrowed(all: readonly Candidate[], typed: string): readonly string[] {
  const wanted = typed.toLowerCase().replaceAll('-', '_');
  const ranks: readonly [string[], string[], string[], string[]] = [[], [], [], []];
  for (const { name, text } of wanted === '' ? all.slice(0, mostNames) : all) {
    const rank = rankOf(text, wanted);
    if (rank !== undefined) ranks[rank].push(name);
  }
  return ranks.flat().slice(0, mostNames);
}

function rankOf(text: string, wanted: string): 0 | 1 | 2 | 3 | undefined {
  if (text.startsWith(wanted)) return text.length === wanted.length ? 0 : 1;
  if (text.includes(`_${wanted}`)) return 2;
  return hasInOrder(text, wanted) ? 3 : undefined;
}
