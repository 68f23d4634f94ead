import { Memo } from '../../text/memo.ts';
import { configOf, type Entry, isTemplate, type Settings } from './config.ts';
import { diskFamilies, driveFamilies } from './formats.ts';
import { perTree, type VmConf } from './tree.ts';

const keptByTemplates = new Set<string>([...diskFamilies, 'bios', 'name', 'scsihw']);

/**
 * What the next cold start looks at: pending changes applied. A template is started for backups only, with its disks,
 * `bios`, `scsihw` and `name` and nothing else.
 * Source: qemu-server 8.2.2, PVE/VZDump/QemuServer.pm, observed.
 */
export const settingsAtStart = (file: { readonly tree: VmConf }): Settings => atStart(file.tree);

const atStart = perTree((tree): Settings => {
  const config = configOf({ tree });
  return isTemplate(config) ? only(config.next) : config.next;
});

/** Drives, EFI disk and TPM state, in the order of their lines. */
export const disksOf = perSettings(settings =>
  diskFamilies.flatMap(family => settings.family(family)).sort((a, b) => a.line - b.line),
);

/** Drives alone. */
export const drivesOf = perSettings(settings => driveFamilies.flatMap(family => settings.family(family)));

/** Rule after rule asks for the same. */
function perSettings(list: (settings: Settings) => readonly Entry[]): (settings: Settings) => readonly Entry[] {
  return settings => settings.memo.get<readonly Entry[]>(list) ?? settings.memo.set(list, list(settings));
}

const only = (all: Settings): Settings => ({
  entry: key => (keptByTemplates.has(key.replace(/[0-9]+$/, '')) ? all.entry(key) : undefined),
  family: name => (keptByTemplates.has(name) ? all.family(name) : []),
  entries: () => all.entries().filter(({ name }) => keptByTemplates.has(name)),
  memo: new Memo(),
});
