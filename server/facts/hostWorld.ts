import { languages } from '../languages/index.ts';
import type { LanguageId, SourceFile } from '../languages/language.ts';
import { readSource } from '../workspace/load.ts';
import { placeOf } from '../workspace/place.ts';
import type { Snapshot, World } from '../workspace/world.ts';

/** Files of these languages tell who uses which device. */
const telling: readonly LanguageId[] = ['pve-vm-conf', 'pve-ct-conf', 'pve-mapping'];

const worlds = new WeakMap<World, WeakMap<Snapshot, World>>();

/**
 * The world as the host of a snapshot is in it: for guests and mappings of which the workspace has no file stand the
 * copies that the host sent along. Their URIs are made by `keptFileUri`.
 */
export function hostWorld(world: World, snapshot: Snapshot): World {
  let known = worlds.get(world);
  if (!known) {
    known = new WeakMap();
    worlds.set(world, known);
  }
  let whole = known.get(snapshot);
  if (!whole) {
    const missing = keptFiles(snapshot).filter(file => !isInWorld(world, snapshot, file));
    const files = missing.map(file => [file.uri, file] as const);
    whole = missing.length === 0 ? world : { ...world, files: new Map([...world.files, ...files]) };
    known.set(snapshot, whole);
  }
  return whole;
}

/** `hostpci-file:/pve1/101.conf?["…/pve1.snapshot","/etc/pve/…"]`: a host's own copy of a file, to be shown as text. */
export function keptFileUri(snapshot: Snapshot, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = encodeURIComponent(snapshot.inventory.node ?? 'host');
  return `hostpci-file:/${folder}/${encodeURIComponent(name)}?${encodeURIComponent(JSON.stringify([snapshot.uri, path]))}`;
}

const kept = new WeakMap<Snapshot, readonly SourceFile[]>();

function keptFiles(snapshot: Snapshot): readonly SourceFile[] {
  let files = kept.get(snapshot);
  if (!files) {
    files = [...snapshot.inventory.files].flatMap(([path, { text }]) => readKept(snapshot, path, text) ?? []);
    kept.set(snapshot, files);
  }
  return files;
}

function readKept(snapshot: Snapshot, path: string, text: string): SourceFile | undefined {
  const place = placeOf(path, languages);
  if (!place || !telling.includes(place.language)) return undefined;
  const file = readSource(path, text, languages);
  const root = snapshot.root ?? snapshot.uri;
  return file && { ...file, uri: keptFileUri(snapshot, path), place: { ...file.place, root } };
}

/** A guest is the same wherever its file lies on the host; everything else by its path. */
function isInWorld(world: World, { root }: Snapshot, { place }: SourceFile): boolean {
  for (const { place: other } of world.files.values()) {
    if (other.language !== place.language || (root !== undefined && other.root !== root)) continue;
    const sameNode = other.node === undefined || place.node === undefined || other.node === place.node;
    if (sameNode && (place.vmid === undefined ? other.path === place.path : other.vmid === place.vmid)) return true;
  }
  return false;
}
