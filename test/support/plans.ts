import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isSnapshot, parseSnapshot } from '../../host/snapshot.ts';
import type { Wish } from '../../server/plans/plan.ts';
import { emptyWorld, type World, withFile, withSnapshot } from '../../server/workspace/world.ts';
import { readFile, siteRoot } from './site.ts';

/** The URI that the snapshot of every world here has. */
export const hostUri = `${siteRoot}/host.snapshot`;

export const snapshotText = (name: string): string =>
  readFileSync(new URL(`../snapshots/${name}.snapshot`, import.meta.url), 'utf8');

/** A host with files (`--- etc/modules` before each) in the workspace; none where the text is empty. */
export function hostWith(snapshot: string, files = ''): World {
  const inventory = parseSnapshot(snapshot);
  let world = withSnapshot(emptyWorld, { uri: hostUri, root: files === '' ? undefined : siteRoot, inventory });
  for (const part of files.split(/^--- /m).slice(1)) {
    const end = part.indexOf('\n');
    world = withFile(world, readFile(`${siteRoot}/${part.slice(0, end)}`, part.slice(end + 1)));
  }
  return world;
}

/** A folder of `test/sites`, as if it lay at the usual place. */
export function siteWorld(name: string): World {
  const folder = new URL(`../sites/${name}/`, import.meta.url);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath ?? entry.path}/${entry.name}`);
  let world = emptyWorld;
  for (const path of names) {
    const text = readFileSync(path, 'utf8');
    const below = path.slice(fileURLToPath(folder).length).replace(/^\//, '');
    // What lies in `after/` is the host once it is mended.
    if (below.startsWith('after/')) continue;
    if (isSnapshot(text)) world = withSnapshot(world, { uri: hostUri, root: siteRoot, inventory: parseSnapshot(text) });
    else if (below.startsWith('etc/') && /\.(?:conf|cfg)$|grub$|cmdline$|etc\/modules$/.test(below))
      world = withFile(world, readFile(`${siteRoot}/${below}`, text));
  }
  return world;
}

/** The URI of a VM's file in the workspace. */
export const vmAt = (world: World, vmid: number): string =>
  [...world.files.values()].find(({ place }) => place.vmid === vmid)?.uri ?? `no VM ${vmid}`;

export type WishPart = Omit<Wish, 'host' | 'guest'>;

export const wishFor = (world: World, vmid: number, part: WishPart): Wish => ({
  host: hostUri,
  guest: vmAt(world, vmid),
  ...part,
});
