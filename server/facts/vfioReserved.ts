import type { PciFunction } from '../../host/inventory.ts';
import { grub } from '../languages/grub/grub.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import type { SourceFile } from '../languages/language.ts';
import { writtenLines } from '../languages/modprobe/linesRead.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { canonicalName, type ReadLine } from '../languages/modprobe/tree.ts';
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
  const { modules, lines } = reservationsOf(world, file);
  if (fn.driver && modules.has(canonicalName(fn.driver))) return true;
  const id = idText(fn);
  const driver = fn.driver
    ? new RegExp(`^[ \\t]*(?:blacklist|softdep|install)[ \\t]+${spelled(fn.driver)}(?:[ \\t]|$)`)
    : undefined;
  const onLine = fn.driver ? new RegExp(`\\bblacklist=(?:[^ ]*,)?${spelled(fn.driver)}(?:[, "]|$)`) : undefined;
  return lines.some(
    line =>
      !/^[ \t]*#/.test(line) &&
      (driver?.test(line) ||
        onLine?.test(line) ||
        (id !== undefined && /\bids=/.test(line) && line.toLowerCase().includes(id)) ||
        (line.includes(fn.address) && /vfio|driver_override/.test(line))),
  );
}

interface Reservations {
  /** Modules that lines of modprobe.d keep away. */
  readonly modules: ReadonlySet<string>;
  /** Lines of other files, and those of modprobe.d that say more. */
  readonly lines: readonly string[];
}

const interesting = /^\/etc\/(?:modprobe\.d|udev\/rules\.d|driverctl\.d|default|kernel|initramfs-tools)\b/;

const reservationsOf = perNode([grub, kernelCmdline, modprobe, modules], (world, file): Reservations => {
  const configs = siblingsOf(world, file, modprobe).filter(({ place }) => interesting.test(place.path));
  const keptAway = configs.flatMap(({ tree }) =>
    tree.picks.of(keepsAway).map(index => (tree.nodes[index] as ReadLine).module),
  );
  const telling = configs.flatMap(({ tree }) => [...writtenLines(tree, saysMore)]);
  return { modules: new Set(keptAway), lines: [...telling, ...otherLines(world, file, configs)] };
});

const keepsAway = (node: ReadLine): boolean =>
  isWhole(node) && (node.kind === 'blacklist' || node.kind === 'softdep' || node.kind === 'install');

/** What a backslash swallows is meant all the same. */
const isWhole = ({ line }: ReadLine): boolean => line.height === 1 && line.pieces.length === 1 && !line.dangling;

const saysMore = (node: ReadLine): boolean =>
  !isWhole(node) || /\bids=|\bblacklist=|vfio|driver_override/.test(node.line.text);

function* otherLines(world: World, file: SourceFile, configs: readonly SourceFile[]): Generator<string> {
  const seen = new Set(configs.map(({ place }) => place.path));
  const files: readonly SourceFile[] = [
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
