import type { FileEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';
import type { Fix } from './rule.ts';

/**
 * The edits of as many fixes as can be applied together, the first of two that touch the same place winning.
 * A fix is taken whole or not at all: half of one could leave a file worse than before.
 */
export function combine(fixes: readonly Fix[]): readonly FileEdit[] {
  const taken: FileEdit[] = [];
  for (const fix of fixes) {
    if (!fix.edits.some(edit => taken.some(other => other.uri === edit.uri && overlaps(other.span, edit.span)))) {
      taken.push(...fix.edits);
    }
  }
  return taken;
}

/** True where two stretches share a character or touch. */
export function overlaps(a: Span, b: Span): boolean {
  const before = (one: Span, other: Span): boolean =>
    one.endLine < other.line || (one.endLine === other.line && one.end < other.start);
  return !before(a, b) && !before(b, a);
}
