import type { Library } from '../language.ts';
import { type FoundOption, own, type SubSchema } from './schema.ts';

/**
 * The texts of `data/vm-docs.json`: what no schema says. Types, defaults, limits and the lists of values come from the
 * schema. `applies` is a key of `effects`; `link` an anchor of the chapter on VMs, a page with its anchor, or `conf` for
 * the reference of the file.
 */
export interface VmDocs {
  readonly keys: Readonly<Record<string, KeyDocs>>;
  readonly families: Readonly<Record<string, KeyDocs>>;
  /** Sub-properties that several keys share. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, ValueDocs>>>>;
  /** Keys that only sections other than the main one have. */
  readonly extra: Readonly<Record<string, KeyDocs>>;
  /** By `pending`, `snapshot`, `special:cloudinit`, `special:fleecing`, `unknown`. */
  readonly sections: Readonly<Record<string, string>>;
  readonly cpuModels: Readonly<Record<string, string>>;
  readonly cpuFlags: Readonly<Record<string, string>>;
}

/** What there is to say of a value and of what can stand there. */
export interface ValueDocs {
  readonly text: string;
  readonly applies?: string;
  readonly example?: string;
  readonly link?: string;
  /** What single values mean. */
  readonly values?: Readonly<Record<string, string>>;
  /** Values to offer before the others. */
  readonly first?: readonly string[];
  /** Values to offer where the schema has no list. */
  readonly usual?: readonly string[];
  /** There is something better now. */
  readonly outdated?: boolean;
}

export interface KeyDocs extends ValueDocs {
  readonly groups?: readonly string[];
  readonly properties?: Readonly<Record<string, ValueDocs>>;
}

/** The texts about VM configurations; empty where the build does not carry them. */
export const docsOf = (library: Library): VmDocs => library.read<VmDocs>('vm-docs') ?? noDocs;

/** What is known of an option or of the family that it belongs to. */
export const keyDocs = (docs: VmDocs, option: Pick<FoundOption, 'name' | 'index'>): KeyDocs | undefined =>
  own(option.index === undefined ? docs.keys : docs.families, option.name);

/** What is known of a sub-property, by the name as written. */
export function propertyDocs(docs: VmDocs, key: KeyDocs | undefined, name: string): ValueDocs | undefined {
  const mine = key?.properties && own(key.properties, name);
  if (mine) return mine;
  for (const group of key?.groups ?? []) {
    const shared = own(docs.groups[group] ?? {}, name);
    if (shared) return shared;
  }
  return undefined;
}

/** What one value means; CPU models and flags, whose lists are long, have theirs in a place of their own. */
export function valueText(docs: VmDocs, about: ValueDocs | undefined, name: string, value: string): string | undefined {
  const mine = about?.values && own(about.values, value);
  if (mine !== undefined) return mine;
  if (name === 'cputype' || name === 'reported-model') return own(docs.cpuModels, value);
  return name === 'flags' ? own(docs.cpuFlags, value.replace(/^[+-]/, '')) : undefined;
}

/** When a change counts. A file edited by hand is read at the next start; `qm set` and the GUI can do more. */
export const effects: Readonly<Record<string, string>> = {
  start:
    'Counts from the next cold start (stop and start). Changed with `qm set` on a running VM, it waits in `[PENDING]`.',
  live: 'Applied to a running VM at once by `qm set` and the GUI; a change in the file counts from the next cold start.',
  read: 'Read from the file whenever it is needed; nothing has to be restarted.',
  record: 'Written by Proxmox VE itself; there is no reason to edit it.',
  cloudinit: 'Goes into the cloud-init drive, which is written anew at the next start (or with `qm cloudinit update`).',
  'hotplug-network':
    'Hot-plugged by `qm set` and the GUI where `hotplug` has `network`; a change in the file counts from the next cold start.',
  'hotplug-disk':
    'Hot-plugged by `qm set` and the GUI where `hotplug` has `disk`; a change in the file counts from the next cold start.',
  'hotplug-media':
    'Not hot-pluggable, but the medium of a CD-ROM drive can be changed while the VM runs. A change in the file counts from the next cold start.',
  'hotplug-usb':
    'Hot-plugged by `qm set` and the GUI where `hotplug` has `usb` and the machine version is 7.1 or newer; a change in the file counts from the next cold start.',
  'hotplug-memory':
    'Hot-plugged by `qm set` and the GUI where `hotplug` has `memory`; otherwise it counts from the next cold start.',
  'hotplug-cpu':
    'Hot-plugged by `qm set` and the GUI where `hotplug` has `cpu`; otherwise it counts from the next cold start.',
};

/** The address of a page of the official documentation. */
export function docsUrl(link: string): string {
  const base = 'https://pve.proxmox.com/pve-docs/';
  if (link === 'conf') return `${base}qm.conf.5.html`;
  return link.includes('.html') ? base + link : `${base}chapter-qm.html#${link}`;
}

/** The texts for a sub-property that is another name of one: its own, else those of the one it stands for. */
export function aliasedDocs(
  docs: VmDocs,
  key: KeyDocs | undefined,
  name: string,
  sub: SubSchema | undefined,
): ValueDocs | undefined {
  return propertyDocs(docs, key, name) ?? (sub?.alias === undefined ? undefined : propertyDocs(docs, key, sub.alias));
}

const noDocs: VmDocs = {
  keys: {},
  families: {},
  groups: {},
  extra: {},
  sections: {},
  cpuModels: {},
  cpuFlags: {},
};
