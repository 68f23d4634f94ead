import type { Inventory } from '../../host/inventory.ts';
import { copiesBelow, knownAmong, siteOf } from '../facts/hostCopies.ts';
import { hostWorld } from '../facts/hostWorld.ts';
import { languages } from '../languages/index.ts';
import type { Language, SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { toLines } from '../text/lines.ts';
import { readSource } from '../workspace/load.ts';
import type { Snapshot, World } from '../workspace/world.ts';

/** What a plan is made on: the files of one host, those of the workspace first, its own copies where there are none. */
export interface Ground {
  /** The files of this host alone, all below `base`, and its snapshot. */
  readonly world: World;
  readonly snapshot: Snapshot;
  readonly inventory: Inventory;
  /** The tree of the host in the workspace; `undefined` where the workspace has none. */
  readonly root: string | undefined;
  /** What stands before `/etc` in the URIs of `world`: `root`, else the URI of the snapshot. */
  readonly base: string;
  /** URIs of `world` that are files of the workspace. */
  readonly present: ReadonlySet<string>;
}

/** The ground of a host for a guest's file, or for the host alone. */
export function groundOf(world: World, snapshot: Snapshot, guest?: SourceFile): Ground {
  const root = guest ? rootOf(world, snapshot, guest) : siteOf(world, snapshot);
  const base = root ?? snapshot.uri;
  const files = new Map<string, SourceFile>();
  for (const file of world.files.values())
    if (root !== undefined && file.place.root === root) files.set(file.uri, file);
  const present = new Set(files.keys());
  if (guest && world.files.get(guest.uri) === guest && !files.has(guest.uri)) {
    files.set(guest.uri, { ...guest, place: { ...guest.place, root: base } });
    present.add(guest.uri);
  }
  const isKnown = knownTo([...files.values()]);
  for (const file of copiesBelow(snapshot, base)) if (!isKnown(file)) files.set(file.uri, file);
  const whole: World = { ...world, files, snapshots: [{ ...snapshot, root: base }] };
  return { world: whole, snapshot, inventory: snapshot.inventory, root, base, present };
}

/** A VM's file by its URI: one of the workspace, or a copy that the host sent along. */
export function guestAt(world: World, snapshot: Snapshot, uri: string): SourceFile<VmConf> | undefined {
  const file = world.files.get(uri) ?? hostWorld(world, snapshot).files.get(uri);
  return file?.place.language === vmConf.id ? (file as SourceFile<VmConf>) : undefined;
}

/** The same VM as the ground has it. */
export function guestOn(ground: Ground, guest: SourceFile<VmConf>): SourceFile<VmConf> | undefined {
  const file = ground.world.files.get(guest.uri) ?? ground.world.files.get(ground.base + guest.place.path);
  return file?.place.language === vmConf.id ? (file as SourceFile<VmConf>) : undefined;
}

/** A file of the host by its path, empty where there is none yet. */
export function fileAt<Tree>(ground: Ground, language: Language<Tree>, path: string): SourceFile<Tree> {
  const uri = ground.base + path;
  const known =
    ground.world.files.get(uri) ?? [...ground.world.files.values()].find(({ place }) => place.path === path);
  return (known ?? readSource(uri, '', languages) ?? blank(uri, language)) as SourceFile<Tree>;
}

/** Any file of the host, for facts that ask about the host of a file. */
export const anchorOf = (ground: Ground): SourceFile => fileAt(ground, modprobe, '/etc/modprobe.d/vfio.conf');

const blank = <Tree>(uri: string, language: Language<Tree>): SourceFile<Tree> => {
  const lines = toLines('');
  const place = { language: language.id, root: '', path: uri, node: undefined, vmid: undefined };
  return { uri, place, lines, tree: language.parse(lines) };
};

/** A guest outside of a tree is a file by itself: where the host's other files are is not known then. */
function rootOf(world: World, snapshot: Snapshot, guest: SourceFile): string | undefined {
  if (world.files.get(guest.uri) !== guest) return siteOf(world, snapshot);
  return guest.place.root === '' ? undefined : guest.place.root;
}

/**
 * Of guests and mappings each counts by itself. Of the other languages only the files of the workspace count where it has
 * any: one that is missing there may have been deleted on purpose.
 */
function knownTo(files: readonly SourceFile[]): (copy: SourceFile) => boolean {
  const isThere = knownAmong(files);
  const languagesHere = new Set(files.map(({ place }) => place.language));
  return copy =>
    copy.place.vmid !== undefined || copy.place.language === 'pve-mapping'
      ? isThere(copy)
      : languagesHere.has(copy.place.language);
}
