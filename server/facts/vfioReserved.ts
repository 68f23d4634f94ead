import type { PciFunction } from '../../host/inventory.ts';
import { grub } from '../languages/grub/grub.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import type { SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { idText } from '../languages/modprobe/vfioIds.ts';
import { modules } from '../languages/modules/modules.ts';
import { inventoryOf, siblingsOf, type World } from '../workspace/world.ts';
import { perNode } from './perNode.ts';

/**
 * True where some file of the host is meant to keep a function from its driver: its id in a list for vfio-pci, a blacklist,
 * softdep or `install` line for the driver, its address in a udev rule or for driverctl. Whether that works is the business
 * of the rules about those files.
 */
export function isReservedForVfio(world: World, file: SourceFile, fn: PciFunction): boolean {
  const id = idText(fn);
  const driver = fn.driver
    ? new RegExp(`^[ \\t]*(?:blacklist|softdep|install)[ \\t]+${spelled(fn.driver)}(?:[ \\t]|$)`)
    : undefined;
  const onLine = fn.driver ? new RegExp(`\\bblacklist=(?:[^ ]*,)?${spelled(fn.driver)}(?:[, "]|$)`) : undefined;
  return linesOf(world, file).some(
    line =>
      !/^[ \t]*#/.test(line) &&
      (driver?.test(line) ||
        onLine?.test(line) ||
        (id !== undefined && /\bids=/.test(line) && line.toLowerCase().includes(id)) ||
        (line.includes(fn.address) && /vfio|driver_override/.test(line))),
  );
}

const interesting = /^\/etc\/(?:modprobe\.d|udev\/rules\.d|driverctl\.d|default|kernel|initramfs-tools)\b/;
const linesOf = perNode([grub, kernelCmdline, modprobe, modules], (world, file) => [...collect(world, file)]);

function* collect(world: World, file: SourceFile): Generator<string> {
  const seen = new Set<string>();
  const files: readonly SourceFile[] = [
    ...siblingsOf(world, file, modprobe),
    ...siblingsOf(world, file, modules),
    ...siblingsOf(world, file, kernelCmdline),
    ...siblingsOf(world, file, grub),
  ];
  for (const other of files) {
    if (!interesting.test(other.place.path)) continue;
    seen.add(other.place.path);
    yield* other.lines;
  }
  for (const [path, { text }] of inventoryOf(world, file)?.files ?? []) {
    if (!interesting.test(path) || seen.has(path)) continue;
    // driverctl names the device in the file's name, and the driver in the file.
    const device = /^\/etc\/driverctl\.d\/pci-(.+)$/.exec(path)?.[1];
    for (const line of text.split('\n')) yield device === undefined ? line : `${device} ${line}`;
  }
}

/** A module's name as both of its spellings. */
const spelled = (module: string): string => module.replace(/[^A-Za-z0-9_-]/g, '').replace(/[-_]/g, '[-_]');
