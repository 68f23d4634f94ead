import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentLink,
  type Location,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import { languages } from '../languages/index.ts';
import type { NameUse, SourceFile } from '../languages/language.ts';
import { type Position, touches } from '../text/span.ts';
import { sameNode, type World } from '../workspace/world.ts';
import { type FileVersions, toRange, toWorkspaceEdit } from './convert.ts';

/** Definition, references, highlights, rename and links: all made of the languages' `names`. */

interface Found extends NameUse {
  readonly uri: string;
}

export function definitionOf(world: World, file: SourceFile, at: Position): readonly Location[] {
  const name = nameAt(file, at);
  return name
    ? everywhere(world, file, name)
        .filter(one => one.role === 'definition')
        .map(toLocation)
    : [];
}

export function referencesTo(
  world: World,
  file: SourceFile,
  at: Position,
  withDefinition: boolean,
): readonly Location[] {
  const name = nameAt(file, at);
  if (!name) return [];
  return everywhere(world, file, name)
    .filter(one => withDefinition || one.role === 'use')
    .map(toLocation);
}

export function highlightsOf(file: SourceFile, at: Position): readonly DocumentHighlight[] {
  const name = nameAt(file, at);
  if (!name) return [];
  return namesIn(file)
    .filter(one => one.kind === name.kind && one.name === name.name)
    .map(one => ({
      range: toRange(one.span),
      kind: one.role === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

/** The stretch that a rename would change, and the name in it; `undefined` where nothing can be renamed. */
export function renamable(file: SourceFile, at: Position): { range: Range; placeholder: string } | undefined {
  const name = nameAt(file, at);
  return name?.renamable ? { range: toRange(name.span), placeholder: name.name } : undefined;
}

/** What Proxmox accepts as the id of a mapping and as the name of a snapshot (pve-configid: a letter, then one more). */
const validName = /^[a-z][a-z0-9_-]+$/i;

/** An edit over all files, or the reason in words why the new name cannot be. */
export function rename(
  world: World,
  file: SourceFile,
  at: Position,
  newName: string,
  versions: FileVersions,
): WorkspaceEdit | string {
  const name = nameAt(file, at);
  if (!name?.renamable) return 'Nothing here can be renamed.';
  if (!validName.test(newName)) {
    return `"${newName}" is not a valid name: it must start with a letter and go on with letters, digits, "-" and "_", at least two characters in all.`;
  }
  const all = everywhere(world, file, name);
  if (
    newName !== name.name &&
    everywhere(world, file, { ...name, name: newName }).some(one => one.role === 'definition')
  ) {
    return `There already is a "${newName}".`;
  }
  return toWorkspaceEdit(
    all.map(one => ({ uri: one.uri, span: one.span, text: newName })),
    versions,
  );
}

/** Uses in this file whose definition is known: a click leads there. */
export function linksIn(world: World, file: SourceFile): readonly DocumentLink[] {
  return namesIn(file).flatMap(use => {
    if (use.role !== 'use') return [];
    const target = everywhere(world, file, use).find(one => one.role === 'definition');
    if (!target || target.uri === file.uri) return [];
    const { line, start } = target.span;
    return [{ range: toRange(use.span), target: `${target.uri}#${line + 1},${start + 1}` }];
  });
}

function nameAt(file: SourceFile, at: Position): NameUse | undefined {
  return namesIn(file).find(one => touches(one.span, at));
}

function everywhere(world: World, file: SourceFile, name: NameUse): readonly Found[] {
  const reachable =
    name.scope === 'file' ? [file] : [...world.files.values()].filter(other => reaches(file, other, name));
  return reachable.flatMap(other =>
    namesIn(other)
      .filter(one => one.kind === name.kind && one.name === name.name)
      .map(one => ({ ...one, uri: other.uri })),
  );
}

const reaches = (file: SourceFile, other: SourceFile, name: NameUse): boolean =>
  name.scope === 'cluster' ? other.place.root === file.place.root : sameNode(file, other);

const cache = new WeakMap<SourceFile, readonly NameUse[]>();

function namesIn(file: SourceFile): readonly NameUse[] {
  let names = cache.get(file);
  if (!names) {
    names = languages.find(known => known.id === file.place.language)?.names?.(file) ?? [];
    cache.set(file, names);
  }
  return names;
}

const toLocation = (found: Found): Location => ({ uri: found.uri, range: toRange(found.span) });
