import type { Inventory } from '../../host/inventory.ts';
import { grub } from '../languages/grub/grub.ts';
import { type GrubTree, parseGrub } from '../languages/grub/tree.ts';
import { type GivenParameter, grubCommandLine } from '../languages/grub/variables.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import { isBootPlumbing } from '../languages/kernelCmdline/parameters.ts';
import { type KernelCmdlineTree, parseKernelCmdline } from '../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Parameter, parseCommandLine, sourcedLine } from '../syntax/commandLine.ts';
import { toLines } from '../text/lines.ts';
import { inventoryOf, siblingsOf, type World } from '../workspace/world.ts';
import { perNode } from './perNode.ts';

/** Which file a host takes its kernel parameters from. */
export type BootSource = 'kernel-cmdline' | 'grub';

/** What the kernel of a host will be told, and what it was told. */
export interface BootArguments {
  /** `undefined` where it is not known how the host boots. */
  readonly source: BootSource | undefined;
  /** What that file gives, boot plumbing such as `root=` left out; `undefined` where it or its content is not known. */
  readonly configured: readonly GivenParameter[] | undefined;
  /** What the running kernel was given (/proc/cmdline), in the same way. */
  readonly running: readonly Parameter[] | undefined;
  /** Given by the file, but not to the running kernel: a command and a reboot are missing. */
  readonly pending: readonly GivenParameter[];
  /** Given to the running kernel, but not by the file any more. */
  readonly dropped: readonly Parameter[];
}

/** The boot arguments of the host that a file belongs to. */
export const bootArguments = perNode([grub, kernelCmdline], work);

/** Which file counts, as far as the host's facts tell. Source: pve-docs, system-booting; observed /proc/cmdline. */
export function bootSource(inventory: Inventory | undefined): BootSource | undefined {
  if (!inventory) return undefined;
  const { efi, secureBoot, proxmoxBootTool } = inventory.boot;
  const loader = inventory.boot.loader ?? loaderInUse(inventory.kernel.commandLine);
  if (loader) return loader === 'grub' ? 'grub' : 'kernel-cmdline';
  if (efi === false) return 'grub';
  if (proxmoxBootTool === false) return inventory.versions.pveManager === undefined ? undefined : 'grub';
  return proxmoxBootTool && efi && secureBoot === false ? 'kernel-cmdline' : undefined;
}

/**
 * The command that makes an edit of the file known to the boot loader. Where proxmox-boot-tool looks after GRUB, update-grub
 * alone writes a file that nothing boots from. Source: proxmox-kernel-helper, grub.d/000_proxmox_boot_header.
 */
export const refreshCommand = (source: BootSource, inventory: Inventory | undefined): string =>
  source === 'grub' && inventory?.boot.proxmoxBootTool !== true ? 'update-grub' : 'proxmox-boot-tool refresh';

/** True where the same parameter with the same value is in a list. */
export const isGiven = (wanted: Parameter, list: readonly Parameter[]): boolean => {
  const text = normalized(wanted);
  return list.some(other => normalized(other) === text);
};

/** What /etc/kernel/cmdline gives, whether it lies beside the file or in the snapshot. */
export function kernelCmdlineOf(world: World, file: SourceFile): readonly GivenParameter[] | undefined {
  const beside = kernelCmdlineBeside(world, file);
  if (!beside) return fromSnapshot(inventoryOf(world, file));
  return beside.tree.used.parameters.map(parameter => ({ parameter, uri: beside.uri }));
}

/** The file /etc/kernel/cmdline of the same host. */
export const kernelCmdlineBeside = (world: World, file: SourceFile): SourceFile<KernelCmdlineTree> | undefined =>
  siblingsOf(world, file, kernelCmdline)[0];

function work(world: World, file: SourceFile): BootArguments {
  const inventory = inventoryOf(world, file);
  const source = bootSource(inventory);
  const all =
    source === 'grub' ? grubOf(world, file) : source === 'kernel-cmdline' ? kernelCmdlineOf(world, file) : undefined;
  const configured = all?.filter(({ parameter }) => !isBootPlumbing(parameter.id));
  const running = runningOf(inventory);
  if (!configured || !running) return { source, configured, running, pending: [], dropped: [] };
  const given = configured.map(({ parameter }) => parameter);
  return {
    source,
    configured,
    running,
    pending: configured.filter(({ parameter }) => !isGiven(parameter, running)),
    dropped: running.filter(parameter => !isGiven(parameter, given)),
  };
}

function grubOf(world: World, file: SourceFile): readonly GivenParameter[] | undefined {
  const files = siblingsOf(world, file, grub);
  const known = files.length > 0 ? files : grubInSnapshot(inventoryOf(world, file));
  if (known.length === 0) return undefined;
  const value = grubCommandLine(known);
  return value.certain ? value.parameters : undefined;
}

function grubInSnapshot(inventory: Inventory | undefined): readonly SourceFile<GrubTree>[] {
  return [...(inventory?.files ?? [])]
    .filter(([path]) => /^\/etc\/default\/grub(?:$|\.d\/[^/]*\.cfg$)/.test(path))
    .map(([path, { text }]) => {
      const lines = toLines(text);
      const place = { language: grub.id, root: '', path, node: undefined, vmid: undefined };
      return { uri: '', place, lines, tree: parseGrub(lines) };
    });
}

function fromSnapshot(inventory: Inventory | undefined): readonly GivenParameter[] | undefined {
  const text = inventory?.files.get('/etc/kernel/cmdline')?.text;
  return text === undefined
    ? undefined
    : parseKernelCmdline(toLines(text)).used.parameters.map(parameter => ({ parameter, uri: '' }));
}

function runningOf(inventory: Inventory | undefined): readonly Parameter[] | undefined {
  const text = inventory?.kernel.commandLine;
  if (text === undefined) return undefined;
  return parseCommandLine(sourcedLine([text], 0)).parameters.filter(({ id }) => !isBootPlumbing(id));
}

/** GRUB puts BOOT_IMAGE= on the line; an EFI loader names the initramfs with backslashes. */
function loaderInUse(commandLine: string | undefined): 'grub' | 'systemd-boot' | undefined {
  if (commandLine === undefined) return undefined;
  if (/(?:^| )BOOT_IMAGE=/.test(commandLine)) return 'grub';
  return /(?:^| )initrd=\\/.test(commandLine) ? 'systemd-boot' : undefined;
}

const normalized = ({ id, hasEquals, value }: Parameter): string => (hasEquals ? `${id}=${value.text}` : id);
