import type { Library, SourceFile } from '../languages/language.ts';
import { applyEdits, type Edit } from '../text/edit.ts';
import { commonEnds, type Lines } from '../text/lines.ts';
import type { Change } from './plan.ts';

/** A change whose edits are all in one file. */
export const changeIn = (
  { uri }: Pick<SourceFile, 'uri'>,
  { edits, ...rest }: Omit<Change, 'edits' | 'creates'> & { readonly edits: readonly Edit[] },
): Change => ({ ...rest, edits: edits.map(edit => ({ uri, ...edit })) });

/** Plans ask languages for edits only, which need none of the data files. */
export const noLibrary: Library = { read: () => undefined };

/** The lines after edits; of several at one place the first comes first, as editors have it. */
export const edited = (lines: Lines, edits: readonly Edit[]): Lines => applyEdits(lines, [...edits].reverse());

/** The one edit that turns lines into others; none where they are the same. */
export function editBetween(before: Lines, after: Lines): readonly Edit[] {
  const { head, tail } = commonEnds(before, after);
  const removed = before.length - tail;
  const added = after.slice(head, after.length - tail);
  if (head === removed && added.length === 0) return [];
  if (removed < before.length) {
    const text = added.map(line => `${line}\n`).join('');
    return [{ span: { line: head, start: 0, endLine: removed, end: 0 }, text }];
  }
  const last = before.length - 1;
  const end = { endLine: last, end: (before[last] ?? '').length };
  if (head === 0) return [{ span: { line: 0, start: 0, ...end }, text: added.join('\n') }];
  const start = { line: head - 1, start: (before[head - 1] ?? '').length };
  return [{ span: { ...start, ...end }, text: added.map(line => `\n${line}`).join('') }];
}

/** The line before which another one is put to be the last: the empty one that a line feed at the end makes. */
export const endOf = (lines: Lines): number => (lines.at(-1) === '' ? lines.length - 1 : lines.length);
