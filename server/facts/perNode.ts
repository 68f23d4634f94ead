import type { Language, SourceFile } from '../languages/language.ts';
import { filesOf, type World } from '../workspace/world.ts';

/**
 * Keeps a fact about a node that rests on files of some languages and on what the hosts said. It is worked out once per
 * node, and again only when one of those files or an answer of a host changes: a keystroke elsewhere leaves it alone.
 */
export function perNode<T>(
  languages: readonly Language[],
  work: (world: World, file: SourceFile) => T,
): (world: World, file: SourceFile) => T {
  let world: World | undefined;
  let inputs: readonly unknown[] = [];
  let answers = new Map<string, T>();
  const look = (at: World): void => {
    if (at === world) return;
    const now = [at.snapshots, at.assumedVersions, at.siteVersions, ...languages.map(one => filesOf(at, one))];
    if (now.some((input, index) => input !== inputs[index])) answers = new Map();
    world = at;
    inputs = now;
  };
  return (at, file) => {
    look(at);
    const key = placeKey(file);
    if (!answers.has(key)) answers.set(key, work(at, file));
    return answers.get(key) as T;
  };
}

/** The same for all files of a node; files that do not say their node are as of one. */
export const placeKey = ({ place }: SourceFile): string => `${place.root}\n${place.node ?? ''}`;
