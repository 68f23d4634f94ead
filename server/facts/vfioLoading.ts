import type { SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { modules } from '../languages/modules/modules.ts';
import { toLines } from '../text/lines.ts';
import { inventoryOf, siblingsOf, type World } from '../workspace/world.ts';

/**
 * Whether a list of modules, a softdep or an `install` line of the host names vfio-pci, so that it is loaded early.
 * `undefined` where /etc/modules has not been seen.
 */
export function loadsVfioEarly(world: World, file: SourceFile): boolean | undefined {
  const texts = [...filesOfHost(world, file)];
  if (texts.some(({ path, lines }) => namesVfioPci(path, lines))) return true;
  return texts.some(({ path }) => path === '/etc/modules') ? false : undefined;
}

interface HostText {
  readonly path: string;
  readonly lines: readonly string[];
}

function* filesOfHost(world: World, file: SourceFile): Generator<HostText> {
  for (const other of [...siblingsOf(world, file, modules), ...siblingsOf(world, file, modprobe)]) {
    yield { path: other.place.path, lines: other.lines };
  }
  for (const [path, { text }] of inventoryOf(world, file)?.files ?? []) yield { path, lines: toLines(text) };
}

const moduleList = /^\/etc\/(?:modules|modules-load\.d\/[^/]+\.conf|initramfs-tools\/modules)$/;
const modprobeFile = /^\/etc\/modprobe\.d\/[^/]+\.conf$/;

function namesVfioPci(path: string, lines: readonly string[]): boolean {
  if (moduleList.test(path)) return lines.some(line => /^\s*vfio[-_]pci(?:\s|$)/.test(line));
  return modprobeFile.test(path) && lines.some(line => /^(?:softdep|install)\s.*vfio[-_]pci/.test(line));
}
