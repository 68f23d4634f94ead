import type { Inventory, PackageVersions } from '../../../host/inventory.ts';
import type { Reading } from './readers.ts';
import type { SysfsLine } from './tree.ts';

/** The Debian release under a Proxmox VE host, as far as it decides how sysfsutils reads its files. */
export type DebianRelease = 12 | 13;

/** By kmod (30 or 34) or by Proxmox VE (8 or 9); `undefined` where neither is known. */
export function debianRelease(versions: PackageVersions): DebianRelease | undefined {
  const kmod = major(versions.kmod);
  if (kmod === 30) return 12;
  if (kmod === 34) return 13;
  const pve = major(versions.pveManager);
  return pve === 8 ? 12 : pve === 9 ? 13 : undefined;
}

/** What the reader of a release makes of a line; where the release is not known, only what both agree about. */
export function readingOf(line: SysfsLine, release: DebianRelease | undefined): Reading {
  if (release !== undefined) return release === 12 ? line.sh : line.perl;
  return line.sh.does === 'stop' && line.perl.does === 'stop'
    ? line.sh
    : line.perl.does === 'stop'
      ? line.sh
      : line.perl;
}

/** True where sysfsutils is known not to be installed, so that nobody reads the file. */
export const isWithoutReader = (inventory: Inventory | undefined): boolean =>
  inventory?.packages.has('sysfsutils') === true && inventory.packages.get('sysfsutils') === undefined;

const major = (version: string | undefined): number => Number.parseInt(version ?? '', 10);
