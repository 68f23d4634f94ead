/**
 * Where a label has what a filter looks for, as start and end; `group 2` and `VM 101` are one word each, and the number
 * must be whole.
 */
export function highlights(label: string, filter: string): [number, number][] {
  const lower = label.toLowerCase();
  const wanted = filter.toLowerCase();
  const numbered = [...wanted.matchAll(numberedWord)].map(([, kind, number]) => `${kind} ${number}`);
  const words = wanted.replace(numberedWord, ' ').split(/\s+/).filter(Boolean);
  return [
    ...numbered.flatMap(phrase => found(lower, phrase, /\d/)),
    ...words.flatMap(word => found(lower, word, undefined)),
  ].sort(([a], [b]) => a - b);
}

const numberedWord = /\b(group|vm|ct)[ \t]*(\d+)\b/g;

function found(label: string, word: string, notBefore: RegExp | undefined): [number, number][] {
  const at = label.indexOf(word);
  const end = at + word.length;
  return at === -1 || notBefore?.test(label[end] ?? '') ? [] : [[at, end]];
}
