import { isSnapshot } from '../../host/snapshot.ts';
import type { Language, SourceFile } from '../languages/language.ts';
import { toLines } from '../text/lines.ts';
import type { FileSystem } from './fileSystem.ts';
import { placeOf } from './place.ts';

/** What was found on a disk below one path. */
export interface Loaded {
  readonly files: readonly SourceFile[];
  /** Snapshot texts that lie beside an `etc/`, by URI, with the site they belong to. */
  readonly snapshots: readonly { readonly uri: string; readonly root: string; readonly text: string }[];
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
  const language = languages.find(known => known.id === place?.language);
  if (!place || !language) return undefined;
  const lines = toLines(text);
  return {
    uri,
    place,
    lines,
    tree: language.parse(lines, previous?.place.language === language.id ? previous.tree : undefined),
  };
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
  const uris = names.map(name => `${directory}/${name}`).filter(uri => placeOf(uri, languages));
  const files = await Promise.all(uris.map(async uri => ({ uri, text: await disk.read(uri) })));
  return files.flatMap(({ uri, text }) => (text === undefined ? [] : (readSource(uri, text, languages) ?? [])));
}

async function readSnapshots(root: string, disk: FileSystem): Promise<Loaded['snapshots']> {
  const names = (await disk.list(root)).filter(name => name.endsWith('.snapshot'));
  const texts = await Promise.all(
    names.map(async name => ({ uri: `${root}/${name}`, text: await disk.read(`${root}/${name}`) })),
  );
  return texts.flatMap(({ uri, text }) => (text !== undefined && isSnapshot(text) ? [{ uri, root, text }] : []));
}
