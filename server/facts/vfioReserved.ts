import type { PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { idText } from '../languages/modprobe/vfioIds.ts';
import { inventoryOf, sameNode, type World } from '../workspace/world.ts';

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
const known = new WeakMap<World, Map<string, readonly string[]>>();

function linesOf(world: World, file: SourceFile): readonly string[] {
  const lists = known.get(world) ?? new Map<string, readonly string[]>();
  known.set(world, lists);
  const key = `${file.place.root}\n${file.place.node ?? ''}`;
  let lines = lists.get(key);
  if (!lines) {
    lines = [...collect(world, file)];
    lists.set(key, lines);
  }
  return lines;
}

function* collect(world: World, file: SourceFile): Generator<string> {
  const seen = new Set<string>();
  for (const other of world.files.values()) {
    if (!interesting.test(other.place.path) || !sameNode(other, file)) continue;
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
