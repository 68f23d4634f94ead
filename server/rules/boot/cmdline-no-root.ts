import type { Inventory } from '../../../host/inventory.ts';
import { kernelCmdline } from '../../languages/kernelCmdline/kernelCmdline.ts';
import type { KernelCmdlineTree } from '../../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { parseCommandLine, sourcedLine } from '../../syntax/commandLine.ts';
import { insertAt } from '../../text/edit.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== kernel: ok
command-line: initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs
== end
`;

export const cmdlineNoRoot: Rule<KernelCmdlineTree> = {
  id: 'boot/cmdline-no-root',
  severity: 'error',
  language: kernelCmdline,
  docs: {
    what: '/etc/kernel/cmdline does not say where the root file system is.',
    why: '`proxmox-boot-tool refresh` stops because of it, and no change to kernels or parameters reaches the boot loader any more. Written by other means, the host does not boot.',
    source: 'proxmox-kernel-helper: "No root= parameter"; pve-docs, system-booting',
  },
  examples: [
    {
      bad: '«intel_iommu=on iommu=pt»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n',
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (inventory?.boot.proxmoxBootTool === false) return;
    // On another line it is lost too, which is said elsewhere.
    const hasRoot = file.tree.commandLines.some(line =>
      line.parameters.some(({ id, hasEquals }) => id === 'root' && hasEquals),
    );
    if (hasRoot) return;
    yield {
      span: file.tree.used.span,
      message:
        'There is no root= in this line, so proxmox-boot-tool refuses it and the host may not boot. Add the root file system.',
      fixes: restoreRoot(file, inventory),
    };
  },
};

/** What the running kernel was given. */
function restoreRoot(file: SourceFile<KernelCmdlineTree>, inventory: Inventory | undefined): readonly Fix[] {
  const { parameters } = parseCommandLine(sourcedLine([inventory?.kernel.commandLine ?? ''], 0));
  const words = parameters
    .filter(({ id }) => id === 'root' || id === 'boot' || id === 'rootflags')
    .map(({ whole }) => whole.text);
  if (!words.some(word => word.startsWith('root='))) return [];
  const text = words.join(' ');
  const rest = (file.lines[0] ?? '').trim();
  return [fixIn(file, `Add ${text}`, insertAt({ line: 0, column: 0 }, rest === '' ? text : `${text} `))];
}
