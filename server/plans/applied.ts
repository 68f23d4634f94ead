import { languages } from '../languages/index.ts';
import type { SourceFile } from '../languages/language.ts';
import { fromLines, type Lines } from '../text/lines.ts';
import { readSource } from '../workspace/load.ts';
import { type World, withFile } from '../workspace/world.ts';
import { edited } from './change.ts';
import type { Change } from './plan.ts';

/** The world after some changes, as an editor would have it. */
export function applied(world: World, changes: readonly Change[]): World {
  const uris = new Set(changes.flatMap(({ edits }) => edits.map(({ uri }) => uri)));
  const created = changes.flatMap(({ creates }) => (creates ? [fileOf(world, creates.uri, creates.text)] : []));
  const changed = [...uris].map(uri => {
    const own = changes.flatMap(({ edits }) => edits.filter(edit => edit.uri === uri));
    return fileOf(world, uri, fromLines(edited(linesAt(world, uri), own)));
  });
  return [...created, ...changed].reduce((all, file) => (file ? withFile(all, file) : all), world);
}

/** A file with another text stays where it is. */
function fileOf(world: World, uri: string, text: string): SourceFile | undefined {
  const known = world.files.get(uri);
  const read = readSource(uri, text, languages, known?.place.language);
  return read && known ? { ...read, place: known.place } : read;
}

/** The lines of a file; those of an empty one where there is none. */
export const linesAt = (world: World, uri: string): Lines => world.files.get(uri)?.lines ?? [''];
