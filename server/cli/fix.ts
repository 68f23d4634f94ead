import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from '../languages/index.ts';
import type { SourceFile } from '../languages/language.ts';
import { type MendOptions, mend, type Offer } from '../rules/fixes.ts';
import type { Report } from '../rules/rule.ts';
import { fromLines } from '../text/lines.ts';
import type { World } from '../workspace/world.ts';
import type { LoadedPaths } from './loadPaths.ts';
import { prepareReplacement, type Replacement, replaceFile, whyNotWritten } from './replaceFile.ts';
import { printable } from './textFile.ts';

/** What `--fix` did, or with `dryRun` would do. */
export interface Fixed {
  readonly world: World;
  /** What is found afterwards, by URI. */
  readonly reports: ReadonlyMap<string, readonly Report[]>;
  readonly fixed: readonly Offer[];
  readonly notFixed: readonly (Offer & { readonly reason: string })[];
  /** Why files could not be written, and what else went wrong. */
  readonly failures: readonly string[];
  /** Only of a dry run. */
  readonly diff?: string;
}

export interface FixOptions {
  /** What the user gave: nothing outside of it is changed. */
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  reportsOn: MendOptions['reportsOn'];
}

const reasons = {
  outside: 'it would change a file outside of what was asked for',
  error: 'it would bring an error to light that has no effect now: look at it first',
};

/**
 * Applies the safe fixes of all asked files and writes what changed, each file as a whole. A fix of several files is
 * written whole or not at all.
 */
export async function fixFiles(loaded: LoadedPaths, options: FixOptions): Promise<Fixed> {
  const uris = new Set(loaded.asked.map(one => one.file.uri));
  const changeable = await filesWithin(uris, options.paths);
  const done = mend(loaded.world, { uris, changeable, languages, reportsOn: options.reportsOn });
  const notFixed = done.leftOut.map(one => ({ ...one, reason: reasons[one.why] }));
  const unsettled = done.settled ? [] : ['fixes still change something after 10 rounds; the rest was left as it is'];
  const common = { world: done.world, reports: done.reports, fixed: done.mended, notFixed };
  if (options.dryRun) {
    return { ...common, failures: unsettled, diff: await diffOf(loaded, done.world) };
  }
  const failed = await writeGroups(groupsOf(done.mended), loaded, done.world);
  if (failed.size === 0) return { ...common, failures: unsettled };
  const world = withFilesOf(done.world, loaded.world, failed.keys());
  return {
    world,
    reports: new Map([...uris].map(uri => [uri, reportsOn(world, uri, options)])),
    fixed: done.mended.filter(({ fix }) => fix.edits.every(edit => !failed.has(edit.uri))),
    notFixed,
    failures: [...failed.values(), ...unsettled],
  };
}

function reportsOn(world: World, uri: string, options: FixOptions): readonly Report[] {
  const file = world.files.get(uri);
  return file ? options.reportsOn(file, world) : [];
}

/** A link in a folder may lead anywhere; what it leads to was asked for only where it lies in there too. */
async function filesWithin(uris: ReadonlySet<string>, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const roots = (await Promise.all(paths.map(path => realpath(path).catch(() => [])))).flat();
  const within = new Set<string>();
  for (const uri of uris) {
    const real = await realpath(fileURLToPath(uri)).catch(() => undefined);
    const isWithin = (root: string): boolean =>
      real === root || real?.startsWith(root.replace(/[\\/]$/, '') + sep) === true;
    if (roots.some(isWithin)) within.add(uri);
  }
  return within;
}

/** Files that are changed together: those of one fix, and those that such fixes connect. */
function groupsOf(fixed: readonly Offer[]): readonly ReadonlySet<string>[] {
  let groups: ReadonlySet<string>[] = [];
  for (const { fix } of fixed) {
    const uris = new Set(fix.edits.map(edit => edit.uri));
    const touched = groups.filter(group => [...uris].some(uri => group.has(uri)));
    groups = [
      ...groups.filter(group => !touched.includes(group)),
      new Set([...uris, ...touched.flatMap(group => [...group])]),
    ];
  }
  return groups;
}

/** Answers by URI why a file was not written. */
async function writeGroups(
  groups: readonly ReadonlySet<string>[],
  loaded: LoadedPaths,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const failed = new Map<string, string>();
  const written = new Map<string, string>();
  const names = new Map(loaded.asked.map(({ name, file }) => [file.uri, name]));
  for (const group of groups) {
    const changes = changesIn([...group], loaded.world, world);
    for (const [uri, reason] of await writeTogether(changes, written)) {
      failed.set(uri, `${printable(names.get(uri) ?? uri)}: ${reason}`);
    }
  }
  return failed;
}

interface Change {
  readonly uri: string;
  readonly file: SourceFile;
  readonly before: string;
  readonly after: string;
}

function changesIn(uris: readonly string[], from: World, to: World): readonly Change[] {
  return uris.flatMap(uri => {
    const [old, file] = [from.files.get(uri), to.files.get(uri)];
    if (!old || !file) return [];
    const [before, after] = [fromLines(old.lines), fromLines(file.lines)];
    return before === after ? [] : [{ uri, file: old, before, after }];
  });
}

/**
 * Writes all texts beside their files before the first file is replaced: whatever can go wrong goes wrong by then.
 * @param written what earlier calls wrote, by real path: a file may be asked for under two names
 */
async function writeTogether(
  changes: readonly Change[],
  written: Map<string, string>,
): Promise<readonly (readonly [uri: string, reason: string])[]> {
  const ready: { readonly change: Change; readonly path: string; readonly replacement: Replacement }[] = [];
  for (const change of changes) {
    const path = fileURLToPath(change.uri);
    try {
      const real = await realpath(path);
      if (written.get(real) === change.after) continue;
      const lock = lockOf(real, change.file);
      if (lock !== undefined) throw new Error(`is locked by Proxmox VE (${lock})`);
      ready.push({ change, path: real, replacement: await prepareReplacement(path, change.before, change.after) });
    } catch (error) {
      for (const { replacement } of ready) await replacement.discard();
      const reason = whyNotWritten(error, path);
      return changes.map(one => [one.uri, one === change ? reason : without(path, reason)]);
    }
  }
  for (const [index, { change, path, replacement }] of ready.entries()) {
    try {
      await replacement.commit();
      written.set(path, change.after);
    } catch (error) {
      const reason = whyNotWritten(error, path);
      for (const rest of ready.slice(index + 1)) await rest.replacement.discard();
      const kept = await Promise.all(ready.slice(0, index).map(one => restore(one.change, written)));
      return [
        [change.uri, reason],
        ...kept,
        ...ready.slice(index + 1).map(one => [one.change.uri, without(path, reason)] as const),
      ];
    }
  }
  return [];
}

const without = (path: string, reason: string): string => `is not written without ${path}, which ${reason}`;

/** Takes back what was written, as another file of the same fix could not be. */
async function restore(
  { uri, before, after }: Change,
  written: Map<string, string>,
): Promise<readonly [string, string]> {
  const path = fileURLToPath(uri);
  try {
    await replaceFile(path, after, before);
    written.delete(await realpath(path));
    return [uri, 'was written and put back, as another file of the same fix could not be written'];
  } catch (error) {
    return [
      uri,
      `was written although another file of the same fix could not be, and putting it back failed: it ${whyNotWritten(error, path)}`,
    ];
  }
}

/** A guest's `lock` on a live host says that a task works on it, which may write the file next. */
export function lockOf(path: string, file: SourceFile): string | undefined {
  if (!path.startsWith('/etc/pve/') || !/^pve-(?:vm|ct)-conf$/.test(file.place.language)) return undefined;
  const end = file.lines.findIndex(line => line.startsWith('['));
  return file.lines.slice(0, end === -1 ? undefined : end).find(line => /^lock:/.test(line));
}

function withFilesOf(world: World, from: World, uris: Iterable<string>): World {
  const files = new Map(world.files);
  for (const uri of uris) {
    const file = from.files.get(uri);
    if (file) files.set(uri, file);
  }
  return { ...world, files };
}

async function diffOf(loaded: LoadedPaths, world: World): Promise<string> {
  const { unifiedDiff } = await import('./unifiedDiff.ts');
  return loaded.asked
    .flatMap(({ name, file }) => changesIn([file.uri], loaded.world, world).map(one => ({ ...one, name })))
    .map(({ name, before, after }) => unifiedDiff(name, before, after))
    .join('');
}
