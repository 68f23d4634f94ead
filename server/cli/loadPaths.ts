import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readHostText } from '../../host/hostText.ts';
import type { Inventory } from '../../host/inventory.ts';
import { languages } from '../languages/index.ts';
import type { SourceFile } from '../languages/language.ts';
import { filesAtOnce } from '../nodeFiles.ts';
import { guessLanguage } from '../workspace/guess.ts';
import { findSites, loadSite, readSource } from '../workspace/load.ts';
import { placeOf } from '../workspace/place.ts';
import { emptyWorld, type Snapshot, type World, withSnapshot } from '../workspace/world.ts';

export interface LoadOptions {
  readonly snapshot?: string;
  readonly language?: string;
}

/** What was asked for, in the world it stands in. */
export interface LoadedPaths {
  readonly world: World;
  /** The files to judge, with the names to print them under: as given, or as found below what was given. */
  readonly asked: readonly { readonly name: string; readonly file: SourceFile }[];
  /** Why nothing can be judged: a path that is not there, a snapshot that cannot be read. */
  readonly problems: readonly string[];
  /** Files that were found and could not be read. */
  readonly unread: readonly string[];
}

const disk = filesAtOnce;

/**
 * Loads files, the trees of hosts and folders of such. A file brings the rest of its site along, so that rules can look
 * across files; only what was asked for is judged.
 */
export async function loadPaths(paths: readonly string[], options: LoadOptions): Promise<LoadedPaths> {
  const files = new Map<string, SourceFile>();
  const asked = new Map<string, string>();
  const problems: string[] = [...unknownLanguage(options.language)];
  let world: World = emptyWorld;
  for (const path of paths) {
    const step = await loadPath(path, options);
    problems.push(...step.problems);
    for (const file of step.files) files.set(file.uri, files.get(file.uri) ?? file);
    for (const [uri, name] of step.asked) asked.set(uri, asked.get(uri) ?? name);
    for (const snapshot of step.snapshots) world = withSnapshot(world, snapshot);
  }
  if (options.snapshot !== undefined) {
    const uri = pathToFileURL(resolve(options.snapshot)).href;
    const text = await disk.read(uri);
    if (text === undefined) problems.push(`${options.snapshot}: the snapshot cannot be read`);
    else {
      const inventory = readHostText(text);
      if (saysNothing(inventory)) problems.push(`${options.snapshot}: neither a snapshot nor a listing of devices`);
      world = { ...world, snapshots: [{ uri, root: undefined, inventory }] };
    }
  }
  world = { ...world, files };
  const found = [...asked].flatMap(([uri, name]) => {
    const file = files.get(uri);
    return file ? [{ name, file }] : [];
  });
  return { world, asked: found.sort((a, b) => (a.name < b.name ? -1 : 1)), problems, unread: [] };
}

function unknownLanguage(id: string | undefined): readonly string[] {
  if (id === undefined || languages.some(language => language.id === id)) return [];
  return [`--language ${id}: there is no such language (${languages.map(language => language.id).join(', ')})`];
}

/** True for a text that is about no host at all. */
const saysNothing = ({ functions, kernel, node, files }: Inventory): boolean =>
  functions.length === 0 && kernel.release === undefined && node === undefined && files.size === 0;

interface Step {
  readonly files: readonly SourceFile[];
  readonly asked: readonly (readonly [uri: string, name: string])[];
  readonly snapshots: readonly Snapshot[];
  readonly problems: readonly string[];
}

const failed = (problem: string): Step => ({ files: [], asked: [], snapshots: [], problems: [problem] });

async function loadPath(path: string, options: LoadOptions): Promise<Step> {
  const kind = await stat(path).catch(() => undefined);
  if (!kind) return failed(`${path}: no such file or directory`);
  return kind.isDirectory() ? loadDirectory(path) : loadFile(path, options);
}

async function loadFile(path: string, options: LoadOptions): Promise<Step> {
  const uri = pathToFileURL(resolve(path)).href;
  const text = await disk.read(uri);
  if (text === undefined) return failed(`${path}: cannot be read`);
  const named = options.language ?? (placeOf(uri, languages) ? undefined : guessLanguage(uri, text));
  const file = readSource(uri, text, languages, named);
  if (!file) {
    const ids = languages.map(language => language.id).join(', ');
    return failed(`${path}: not a file that hostpci knows by its name; say what it is with --language (${ids})`);
  }
  if (file.place.root === '') return { files: [file], asked: [[uri, path]], snapshots: [], problems: [] };
  const site = await loadSite(file.place.root, disk, languages);
  return { files: [file, ...site.files], asked: [[uri, path]], snapshots: site.snapshots, problems: [] };
}

/** A directory below an `etc/` asks for its part of that site; any other for all sites in it. */
async function loadDirectory(path: string): Promise<Step> {
  const uri = pathToFileURL(resolve(path)).href.replace(/\/$/, '');
  const inside = /^(.*?)\/etc(?:\/.*)?$/.exec(uri)?.[1];
  const sites = await findSites(uri, disk);
  const roots = sites.length > 0 || inside === undefined ? sites : [inside];
  const loaded = await Promise.all(roots.map(root => loadSite(root, disk, languages)));
  const files = loaded.flatMap(site => site.files);
  const asked = files
    .filter(file => file.uri.startsWith(`${uri}/`))
    .map(file => [file.uri, join(path, decodeURIComponent(file.uri.slice(uri.length)))] as const);
  if (asked.length === 0) {
    return failed(`${path}: no configuration file of a Proxmox VE host in it (a host's tree has an etc/ directory)`);
  }
  return { files, asked, snapshots: loaded.flatMap(site => site.snapshots), problems: [] };
}
