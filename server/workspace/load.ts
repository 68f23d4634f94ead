import { isSnapshot, parseSnapshot } from '../../host/snapshot.ts';
import type { Language, Place, SourceFile } from '../languages/language.ts';
import { toLines } from '../text/lines.ts';
import type { FileSystem } from './fileSystem.ts';
import { placeOf } from './place.ts';
import type { Snapshot } from './world.ts';

/** What was found on a disk below one path. */
export interface Loaded {
  readonly files: readonly SourceFile[];
  /** The snapshots that lie beside an `etc/`. */
  readonly snapshots: readonly Snapshot[];
}

/** Where the files of our languages lie on a host; `*` stands for every directory. */
const directories = [
  'etc',
  'etc/modprobe.d',
  'etc/modules-load.d',
  'etc/initramfs-tools',
  'etc/kernel',
  'etc/default',
  'etc/default/grub.d',
  'etc/sysfs.d',
  'etc/pve',
  'etc/pve/mapping',
  'etc/pve/virtual-guest',
  'etc/pve/nodes/*/qemu-server',
  'etc/pve/nodes/*/lxc',
];

/** On a host these are links to the node's own directories, so they count only where `nodes/` is missing. */
const localDirectories = ['etc/pve/qemu-server', 'etc/pve/lxc'];

/**
 * Reads the configuration files of one site: the known directories below `root/etc`, nothing else. The number of
 * directories is bounded, whatever else lies there.
 */
export async function loadSite(root: string, disk: FileSystem, languages: readonly Language[]): Promise<Loaded> {
  const nodes = await disk.list(`${root}/etc/pve/nodes`);
  const local = nodes.length === 0 ? localDirectories : [];
  const wanted = [...directories, ...local].flatMap(directory => expand(directory, nodes));
  const found = await Promise.all(wanted.map(directory => readDirectory(`${root}/${directory}`, disk, languages)));
  return { files: found.flat(), snapshots: await readSnapshots(root, disk) };
}

/** Reads one file as its place says; `undefined` for files of no language and for unreadable ones. */
export function readSource(
  uri: string,
  text: string,
  languages: readonly Language[],
  languageId?: string,
  previous?: SourceFile,
): SourceFile | undefined {
  const place = placeOf(uri, languages, languageId);
  return place && readAt(uri, place, text, languages, previous);
}

function readAt(
  uri: string,
  place: Place,
  text: string,
  languages: readonly Language[],
  previous?: SourceFile,
): SourceFile | undefined {
  const language = languages.find(known => known.id === place.language);
  if (!language) return undefined;
  const lines = toLines(text);
  const before = previous?.place.language === language.id ? previous.tree : undefined;
  return { uri, place, lines, tree: language.parse(lines, before) };
}

/** Directories at or below `directory` that hold an `etc/`, as URIs; hidden ones and `node_modules` are left out. */
export async function findSites(directory: string, disk: FileSystem, depth = 8): Promise<readonly string[]> {
  const names = (await disk.list(directory)).filter(name => name.endsWith('/'));
  if (names.includes('etc/')) return [directory];
  if (depth === 0) return [];
  const below = names.filter(name => !name.startsWith('.') && name !== 'node_modules/');
  const sites = await Promise.all(below.map(name => findSites(`${directory}/${name.slice(0, -1)}`, disk, depth - 1)));
  return sites.flat();
}

function expand(directory: string, nodes: readonly string[]): readonly string[] {
  if (!directory.includes('*')) return [directory];
  return nodes.filter(name => name.endsWith('/')).map(name => directory.replace('*', name.slice(0, -1)));
}

async function readDirectory(
  directory: string,
  disk: FileSystem,
  languages: readonly Language[],
): Promise<readonly SourceFile[]> {
  const names = (await disk.list(directory)).filter(name => !name.endsWith('/'));
  const found = names.flatMap(name => {
    const uri = `${directory}/${name}`;
    const place = placeOf(uri, languages);
    return place ? [{ uri, place }] : [];
  });
  const files: SourceFile[] = [];
  // A few at a time: thousands of reads that wait take more memory than what they read.
  for (let from = 0; from < found.length; from += 16) {
    const some = found.slice(from, from + 16);
    const texts = await Promise.all(some.map(({ uri }) => disk.read(uri)));
    some.forEach(({ uri, place }, index) => {
      const text = texts[index];
      const file = text === undefined ? undefined : readAt(uri, place, text, languages);
      if (file) files.push(file);
    });
  }
  return files;
}

async function readSnapshots(root: string, disk: FileSystem): Promise<readonly Snapshot[]> {
  const names = (await disk.list(root)).filter(name => name.endsWith(ending) && !name.endsWith(earlier));
  const found = await Promise.all(names.map(name => readSnapshot(`${root}/${name}`, disk)));
  return found.filter(one => one !== undefined);
}

/**
 * Reads a snapshot that lies beside an `etc/`, with what the host said before: `pve1.previous.snapshot` beside
 * `pve1.snapshot`. `undefined` where there is none or the text is something else.
 */
export async function readSnapshot(uri: string, disk: FileSystem): Promise<Snapshot | undefined> {
  const [text, before] = await Promise.all([disk.read(uri), disk.read(uri.slice(0, -ending.length) + earlier)]);
  if (text === undefined || !isSnapshot(text)) return undefined;
  const previous = before !== undefined && isSnapshot(before) ? { previous: parseSnapshot(before) } : {};
  return { uri, root: uri.slice(0, uri.lastIndexOf('/')), inventory: parseSnapshot(text), ...previous };
}

/** The snapshot that a file is about: of one that is kept to compare with, the one that it was followed by. */
export const currentSnapshot = (uri: string): string =>
  uri.endsWith(earlier) ? uri.slice(0, -earlier.length) + ending : uri;

const ending = '.snapshot';
const earlier = '.previous.snapshot';
