import { configOf, type Entry, isTemplate, type Settings } from './config.ts';
import type { VmConf } from './tree.ts';

const diskFamilies = new Set(['efidisk', 'ide', 'sata', 'scsi', 'tpmstate', 'virtio']);
const keptByTemplates = new Set([...diskFamilies, 'bios', 'name', 'scsihw']);

const known = new WeakMap<VmConf, Settings>();

/**
 * What the next cold start looks at: pending changes applied. A template is started for backups only, with its disks,
 * `bios`, `scsihw` and `name` and nothing else.
 * Source: qemu-server 8.2.2, PVE/VZDump/QemuServer.pm, observed.
 */
export function settingsAtStart(file: { readonly tree: VmConf }): Settings {
  let settings = known.get(file.tree);
  if (!settings) {
    const config = configOf(file);
    settings = isTemplate(config) ? only(config.next) : config.next;
    known.set(file.tree, settings);
  }
  return settings;
}

/** The families whose members are drives that a guest can boot from. */
export const driveFamilies = ['ide', 'sata', 'scsi', 'virtio'] as const;

/** Drives, EFI disk and TPM state, in the order of their lines. */
export const disksOf = perSettings(settings => settings.entries().filter(({ name }) => diskFamilies.has(name)));

/** Drives alone. */
export const drivesOf = perSettings(settings => driveFamilies.flatMap(family => settings.family(family)));

/** Rule after rule asks for the same. */
function perSettings(list: (settings: Settings) => readonly Entry[]): (settings: Settings) => readonly Entry[] {
  const lists = new WeakMap<Settings, readonly Entry[]>();
  return settings => {
    let entries = lists.get(settings);
    if (!entries) {
      entries = list(settings);
      lists.set(settings, entries);
    }
    return entries;
  };
}

const only = (all: Settings): Settings => ({
  entry: key => (keptByTemplates.has(key.replace(/[0-9]+$/, '')) ? all.entry(key) : undefined),
  family: name => (keptByTemplates.has(name) ? all.family(name) : []),
  entries: () => all.entries().filter(({ name }) => keptByTemplates.has(name)),
});
