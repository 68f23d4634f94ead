import type { Inventory } from '../../host/inventory.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { languages } from '../../server/languages/index.ts';
import type { Language, LanguageId, SourceFile } from '../../server/languages/language.ts';
import { toLines } from '../../server/text/lines.ts';
import { placeOf } from '../../server/workspace/place.ts';
import { emptyWorld, type World, withFile, withSnapshot } from '../../server/workspace/world.ts';
import { readMarks } from './marked.ts';

export const siteRoot = 'file:///site';

/** Where a text without a path stands, by its language. */
const usualPath: Record<LanguageId, string> = {
  'pve-vm-conf': 'etc/pve/nodes/pve1/qemu-server/100.conf',
  'pve-ct-conf': 'etc/pve/nodes/pve1/lxc/200.conf',
  modprobe: 'etc/modprobe.d/vfio.conf',
  modules: 'etc/modules',
  'kernel-cmdline': 'etc/kernel/cmdline',
  'grub-default': 'etc/default/grub',
  'sysfs-conf': 'etc/sysfs.conf',
  'pve-mapping': 'etc/pve/mapping/pci.cfg',
  'pve-storage': 'etc/pve/storage.cfg',
  'pve-cpu-models': 'etc/pve/virtual-guest/cpu-models.conf',
};

export interface Site {
  readonly world: World;
  /** The file that the test is about: the one with marks or the cursor, else the first. */
  readonly file: SourceFile;
  /** Every file as written, marks included. */
  readonly marked: ReadonlyMap<string, string>;
}

export interface SiteOptions {
  /** Language of a text without `---` lines. */
  readonly language?: Language;
  readonly path?: string;
  /** Snapshot text or a ready inventory; belongs to node pve1. */
  readonly host?: string | Inventory;
}

/** Reads a text, or many files in one string (`--- etc/modprobe.d/vfio.conf` before each), with marks. */
export function readSite(text: string, options: SiteOptions = {}): Site {
  const marked = split(text, options);
  let world: World = emptyWorld;
  if (options.host !== undefined) {
    const inventory = typeof options.host === 'string' ? parseSnapshot(options.host) : options.host;
    world = withSnapshot(world, { uri: `${siteRoot}/pve1.snapshot`, root: siteRoot, inventory });
  }
  for (const [uri, content] of marked)
    world = withFile(world, readFile(uri, readMarks(content).text, options.language));
  const about = [...marked].find(([, content]) => /[¦«]/.test(content)) ?? [...marked][0];
  const file = about && world.files.get(about[0]);
  if (!file) throw new Error('a site has at least one file of a known language');
  return { world, file, marked };
}

export function readFile(uri: string, text: string, language?: Language): SourceFile {
  const known = language && !languages.includes(language) ? [...languages, language] : languages;
  const place = placeOf(uri, known, language?.id);
  const reader = known.find(one => one.id === place?.language);
  if (!place || !reader) throw new Error(`${uri} is no file that we know`);
  const lines = toLines(text);
  return { uri, place, lines, tree: reader.parse(lines) };
}

function split(text: string, options: SiteOptions): ReadonlyMap<string, string> {
  if (!text.startsWith('--- ')) {
    const path = options.path ?? (options.language ? usualPath[options.language.id] : undefined);
    if (!path) throw new Error('a text without a --- line needs a language or a path');
    return new Map([[`${siteRoot}/${path}`, text]]);
  }
  const files = new Map<string, string>();
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf('\n');
    files.set(`${siteRoot}/${part.slice(0, end).trim()}`, part.slice(end + 1));
  }
  return files;
}
