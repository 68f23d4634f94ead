import { bootArguments, isGiven, kernelCmdlineBeside, kernelCmdlineOf } from '../../facts/bootArguments.ts';
import { grub } from '../../languages/grub/grub.ts';
import type { GrubTree } from '../../languages/grub/tree.ts';
import { concernsPassthrough } from '../../languages/kernelCmdline/parameters.ts';
import { appendWords } from '../../languages/kernelCmdline/quoting.ts';
import type { SourceFile } from '../../languages/language.ts';
import { isLiteral, type Parameter } from '../../syntax/commandLine.ts';
import type { World } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.8.12-9-pve
command-line: initrd=\\EFI\\proxmox\\6.8.12-9-pve\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs
== boot: ok
efi: yes
secure-boot: no
proxmox-boot-tool: yes
== end
`;

export const wrongFileGrub: Rule<GrubTree> = {
  id: 'boot/wrong-file-grub',
  severity: 'error',
  language: grub,
  docs: {
    what: "Parameters for passthrough are in GRUB's settings, but the host boots with systemd-boot.",
    why: 'Hosts with UEFI and ZFS take their kernel parameters from /etc/kernel/cmdline. Nothing that is written here reaches the kernel, and `update-grub` does not complain.',
    source: 'pve-docs, system-booting; the running command line of the host',
    since: 'Proxmox VE 6',
  },
  examples: [
    {
      bad: '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet «iommu=pt» «pcie_aspm=off»"\n--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs\n',
      fixed:
        '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt pcie_aspm=off"\n--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt pcie_aspm=off\n',
      good: '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\n--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
      host,
    },
  ],
  *check(file, world) {
    const { source, running } = bootArguments(world, file);
    if (source !== 'kernel-cmdline' || !running) return;
    const used = kernelCmdlineOf(world, file)?.map(({ parameter }) => parameter) ?? [];
    const lost = file.tree.commandLines
      .flatMap(line => (line.assignment.holds === false ? [] : line.parameters))
      .filter(parameter => isLiteral(parameter) && concernsPassthrough(parameter.id))
      .filter(parameter => !isGiven(parameter, running) && !isGiven(parameter, used));
    const fixes = copyToCmdline(world, file, lost);
    for (const parameter of lost) {
      yield {
        span: parameter.whole.span,
        message: `This host boots with systemd-boot and never reads this file: ${parameter.whole.text} does not reach the kernel. Write it in /etc/kernel/cmdline, then run "proxmox-boot-tool refresh" and reboot.`,
        fixes,
      };
    }
  },
};

function copyToCmdline(world: World, file: SourceFile, lost: readonly Parameter[]): readonly Fix[] {
  const target = kernelCmdlineBeside(world, file);
  const words = [...new Set(lost.map(({ whole }) => whole.text))];
  const edit = target && target.tree.used.parameters.length > 0 ? appendWords(target.tree.used, words) : undefined;
  return target && edit ? [fixIn(target, `Copy ${words.join(' ')} to /etc/kernel/cmdline`, edit)] : [];
}
