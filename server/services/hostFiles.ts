import { languages } from '../languages/index.ts';
import type { LanguageId, SourceFile } from '../languages/language.ts';
import type { ModprobeTree } from '../languages/modprobe/tree.ts';
import { idEntries, idsOf } from '../languages/modprobe/vfioIds.ts';
import { kindOf } from '../languages/pciMapping/config.ts';
import { inventoryOf, type Snapshot, type World } from '../workspace/world.ts';

/** What somebody wants to do with devices of a host. */
export type DeviceTask = 'bind' | 'map' | 'any';

/** Files of a host that can take its devices. */
export interface HostFiles {
  /** Those that fit best come first. */
  readonly files: readonly { readonly uri: string; readonly path: string; readonly about: string }[];
  /** URIs of files that could be made, one for each site of the host that has none of the usual name. */
  readonly absent: readonly string[];
}

/**
 * The files into which devices of a host can be written: `bind` are those of modprobe.d, `map` its list of PCI mappings,
 * `any` these and guests. Files of which it is not known whose they are count for every host.
 */
export function hostFiles(world: World, host: string, task: DeviceTask): HostFiles {
  const snapshot = world.snapshots.find(({ uri }) => uri === host);
  if (!snapshot) return { files: [], absent: [] };
  const own = [...world.files.values()].filter(file => isFileOf(world, snapshot, file));
  const files = own
    .filter(file => tasks[task].includes(file.place.language) && canTake(file))
    .map(file => ({ uri: file.uri, path: file.place.path, about: aboutOf(file) }))
    .sort((a, b) => Number(b.about !== '') - Number(a.about !== '') || (a.path < b.path ? -1 : 1));
  const name = usual[task];
  const roots = new Set([...own.map(({ place }) => place.root), snapshot.root ?? '']);
  const absent = name === undefined ? [] : [...roots].filter(root => root !== '').map(root => `${root}${name}`);
  return { files, absent: absent.filter(uri => !world.files.has(uri)) };
}

const tasks: Readonly<Record<DeviceTask, readonly LanguageId[]>> = {
  bind: ['modprobe'],
  map: ['pve-mapping'],
  any: languages.filter(language => language.takeDevices).map(({ id }) => id),
};

const usual: Readonly<Record<DeviceTask, string | undefined>> = {
  bind: '/etc/modprobe.d/vfio.conf',
  map: '/etc/pve/mapping/pci.cfg',
  any: undefined,
};

function isFileOf(world: World, { root, inventory }: Snapshot, file: SourceFile): boolean {
  if (root !== undefined && root !== file.place.root) return false;
  if (file.place.root === '') return false;
  const { node } = file.place;
  if (node !== undefined && inventory.node !== undefined) return node === inventory.node;
  const owner = inventoryOf(world, file);
  return owner === undefined || owner === inventory;
}

/** Mappings of USB devices and directories are in the same language. */
const canTake = (file: SourceFile): boolean => file.place.language !== 'pve-mapping' || kindOf(file) === 'pci';

/** Why a file is the right one. */
function aboutOf(file: SourceFile): string {
  if (file.place.language !== 'modprobe') return '';
  const ids = [...idsOf(file.tree as ModprobeTree)].flatMap(one => idEntries(one.ids.value));
  return ids.length === 0 ? '' : `has ${ids.length === 1 ? 'an id' : `${ids.length} ids`} for vfio-pci`;
}
