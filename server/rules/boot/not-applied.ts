import { type BootSource, bootArguments, refreshCommand } from '../../facts/bootArguments.ts';
import { concernsPassthrough } from '../../languages/kernelCmdline/parameters.ts';
import type { CommandLines } from '../../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule } from '../commandLineRule.ts';
import type { Finding } from '../rule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.8.12-9-pve
command-line: initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off
== boot: ok
loader: systemd-boot
== end
`;

export const notApplied = commandLineRule({
  id: 'boot/not-applied',
  severity: 'info',
  docs: {
    what: 'The running kernel was started with other parameters than this file gives.',
    why: 'An edit takes effect only after `update-grub` or `proxmox-boot-tool refresh`, and a reboot.',
    source: 'pve-docs, system-booting; /proc/cmdline of the host',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off «iommu=pt»\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off\n',
      host,
    },
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off «iommu=pt»\n',
      good: '# of this host\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off iommu=pt\n',
      host,
    },
    {
      bad: '«root=ZFS=rpool/ROOT/pve-1 boot=zfs»\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs pcie_aspm=off\n',
      host,
    },
  ],
  *check(file, world) {
    const { source, pending, dropped, configured } = bootArguments(world, file);
    if (source === undefined || !configured || source !== sourceOf(file)) return;
    // A comment or a shell assignment in the place of the command line is the business of other rules.
    if (source === 'kernel-cmdline' && /^\s*(?:#|GRUB_\w*=)/.test(file.lines[0] ?? '')) return;
    const command = refreshCommand(source, inventoryOf(world, file));
    for (const { parameter } of pending.filter(({ uri }) => uri === file.uri)) {
      yield {
        span: parameter.whole.span,
        message: `The running kernel was started without ${parameter.whole.text}. ${afterwards(command)}`,
      };
    }
    const gone = dropped.filter(
      ({ id }) => concernsPassthrough(id) && !pending.some(({ parameter }) => parameter.id === id),
    );
    if (gone.length > 0) yield* dropping(file, source, command, gone.map(({ whole }) => whole.text).join(' '));
  },
});

const sourceOf = (file: SourceFile): BootSource => (file.place.language === 'grub-default' ? 'grub' : 'kernel-cmdline');

const afterwards = (command: string): string => `Where the file is in place on the host, run "${command}" and reboot.`;

/** Told where the parameter would stand: at the line itself, or at the last assignment in GRUB's own file. */
function* dropping(
  file: SourceFile<CommandLines>,
  source: BootSource,
  command: string,
  texts: string,
): Generator<Finding> {
  const line = source === 'grub' ? file.tree.commandLines.at(-1) : file.tree.commandLines[0];
  if (!line || (source === 'grub' && file.place.path !== '/etc/default/grub')) return;
  yield {
    span: line.span,
    message: `The running kernel still has ${texts}, which is not in the file any more. ${afterwards(command)}`,
  };
}
