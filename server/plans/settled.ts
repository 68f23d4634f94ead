import { fromLines, type Lines } from '../text/lines.ts';
import { linesAt } from './applied.ts';
import { edited } from './change.ts';
import type { Ground } from './ground.ts';
import type { Change } from './plan.ts';

/**
 * The changes as the workspace can take them. A file that it lacks is made, with the text that the host has and everything
 * in it that is no option: what is written into such a file twice cannot be ticked apart.
 */
export function settled(ground: Ground, changes: readonly Change[]): readonly Change[] {
  const isThere = (uri: string): boolean =>
    ground.present.has(uri) ||
    (ground.world.files.has(uri) && (ground.root === undefined || isCensored(linesAt(ground.world, uri))));
  const made = new Set<string>();
  return changes.flatMap(change => {
    const missing = [...new Set(change.edits.map(({ uri }) => uri))].filter(uri => !isThere(uri));
    const created = missing.flatMap((uri): Change[] => {
      if (made.has(uri)) return [];
      made.add(uri);
      const others = changes.filter(other => other === change || (!other.isOptional && !change.isOptional));
      const own = others.flatMap(({ edits }) => edits.filter(edit => edit.uri === uri));
      return [{ ...change, edits: [], creates: { uri, text: fromLines(edited(linesAt(ground.world, uri), own)) } }];
    });
    const rest = change.edits.filter(({ uri }) => isThere(uri));
    return rest.length > 0 ? [{ ...change, edits: rest }, ...created] : created;
  });
}

/**
 * True for a host's own copy of a file from which the collector has taken secrets: a file that is made of it must never
 * come to lie on the host.
 */
export const isCensored = (lines: Lines): boolean => lines.some(line => line.includes('***'));
