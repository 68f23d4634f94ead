import type { Inventory } from '../../host/inventory.ts';
import { languages } from '../languages/index.ts';
import type { Place, SourceFile } from '../languages/language.ts';
import { readSource } from '../workspace/load.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';

/**
 * The files that a host sent along with its snapshot, as files of a site. Their URIs are made by `keptFileUri`; what is the
 * host's own, and not its cluster's, says so by its node.
 * @param root what they have as `Place.root`
 */
export const hostCopies = (snapshot: Snapshot, root: string): readonly SourceFile[] =>
  copiesIn(kept, snapshot, root, path => keptFileUri(snapshot, path));

/** The same by the URIs that they would have below the root, for whoever writes them there. */
export const copiesBelow = (snapshot: Snapshot, root: string): readonly SourceFile[] =>
  copiesIn(below, snapshot, root, path => root + path);

/** `hostpci-file:/pve1/101.conf?["…/pve1.snapshot","/etc/pve/…"]`: a host's own copy of a file, to be shown as text. */
function keptFileUri(snapshot: Snapshot, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = encodeURIComponent(snapshot.inventory.node ?? 'host');
  return `hostpci-file:/${folder}/${encodeURIComponent(name)}?${encodeURIComponent(JSON.stringify([snapshot.uri, path]))}`;
}

/**
 * The site in the workspace that has the files of a host: the one that the snapshot lies in; else the only one with files of
 * a node of this name, or the only one whose files can be of no other host. `undefined` where it has none or could be several.
 */
export function siteOf(world: World, { root, inventory }: Snapshot): string | undefined {
  const files = [...world.files.values()].filter(({ place }) => place.root !== '');
  if (root !== undefined) return files.some(({ place }) => place.root === root) ? root : undefined;
  const named = new Set<string>();
  const possible = new Set<string>();
  for (const file of files) {
    if (file.place.node !== undefined && file.place.node === inventory.node) named.add(file.place.root);
    if (inventoryOf(world, file) === inventory) possible.add(file.place.root);
  }
  const roots = named.size > 0 ? named : possible;
  return roots.size === 1 ? [...roots][0] : undefined;
}

/** By what a file is found on a host: a guest is the same wherever it lies, everything else goes by its path. */
export const keyOnHost = ({ language, vmid, path }: Place): string => `${language} ${vmid ?? path}`;

/** Two files with the same key are of one node, or one of them does not say of which. */
export const canBeOneNode = (a: Place, b: Place): boolean =>
  a.node === undefined || b.node === undefined || a.node === b.node;

/** Says of copies whether they are among files of their host. */
export function knownAmong(files: readonly SourceFile[]): (copy: SourceFile) => boolean {
  const byKey = new Map<string, Place[]>();
  for (const { place } of files) {
    const same = byKey.get(keyOnHost(place));
    if (same) same.push(place);
    else byKey.set(keyOnHost(place), [place]);
  }
  return ({ place }) => byKey.get(keyOnHost(place))?.some(other => canBeOneNode(other, place)) ?? false;
}

type Copies = WeakMap<Snapshot, Map<string, readonly SourceFile[]>>;

const kept: Copies = new WeakMap();
const below: Copies = new WeakMap();

function copiesIn(
  copies: Copies,
  snapshot: Snapshot,
  root: string,
  uriOf: (path: string) => string,
): readonly SourceFile[] {
  const ofSnapshot = copies.get(snapshot) ?? new Map<string, readonly SourceFile[]>();
  copies.set(snapshot, ofSnapshot);
  let files = ofSnapshot.get(root);
  if (!files) {
    files = textsOf(snapshot).map(file => ({ ...file, uri: uriOf(file.uri), place: { ...file.place, root } }));
    ofSnapshot.set(root, files);
  }
  return files;
}

const read = new WeakMap<Snapshot, readonly SourceFile[]>();

/** By their paths on the host. Each text is parsed once, whatever sites the host is looked at with. */
function textsOf(snapshot: Snapshot): readonly SourceFile[] {
  let files = read.get(snapshot);
  if (!files) {
    files = [...snapshot.inventory.files].flatMap(([path, { text }]) => readCopy(snapshot.inventory, path, text) ?? []);
    read.set(snapshot, files);
  }
  return files;
}

function readCopy(inventory: Inventory, path: string, text: string): SourceFile | undefined {
  const file = isLinkToModules(inventory, path) ? undefined : readSource(path, text, languages);
  if (!file) return undefined;
  const node = file.place.node ?? (path.startsWith('/etc/pve/') ? undefined : inventory.node);
  return { ...file, place: { ...file.place, node } };
}

/** On a Debian system this is a link to /etc/modules, and systemd reads the same lines by both names. */
const isLinkToModules = ({ files }: Inventory, path: string): boolean =>
  path === '/etc/modules-load.d/modules.conf' && files.get(path)?.text === files.get('/etc/modules')?.text;
