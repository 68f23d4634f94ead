import { configOf, isTemplate, type Settings, type VmConfig } from './config.ts';
import type { VmConf } from './tree.ts';

const diskFamilies = new Set(['efidisk', 'ide', 'sata', 'scsi', 'tpmstate', 'virtio']);
const keptByTemplates = new Set([...diskFamilies, 'bios', 'name', 'scsihw']);

const known = new WeakMap<VmConfig, Settings>();

/**
 * What the next cold start looks at: pending changes applied. A template is started for backups only, with its disks,
 * `bios`, `scsihw` and `name` and nothing else.
 * Source: qemu-server 8.2.2, PVE/VZDump/QemuServer.pm, observed.
 */
export function settingsAtStart(file: { readonly tree: VmConf }): Settings {
  const config = configOf(file);
  if (!isTemplate(config)) return config.next;
  let settings = known.get(config);
  if (!settings) {
    settings = only(config.next);
    known.set(config, settings);
  }
  return settings;
}

/** The families whose members are drives that a guest can boot from. */
export const driveFamilies = ['ide', 'sata', 'scsi', 'virtio'] as const;

/** Drives, EFI disk and TPM state, in the order of their lines. */
export const disksOf = (settings: Settings) => settings.entries().filter(({ name }) => diskFamilies.has(name));

/** Drives alone. */
export const drivesOf = (settings: Settings) => driveFamilies.flatMap(family => settings.family(family));

const only = (all: Settings): Settings => ({
  entry: key => (keptByTemplates.has(key.replace(/[0-9]+$/, '')) ? all.entry(key) : undefined),
  family: name => (keptByTemplates.has(name) ? all.family(name) : []),
  entries: () => all.entries().filter(({ name }) => keptByTemplates.has(name)),
});
