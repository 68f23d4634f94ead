import { bootArguments, isGiven, refreshCommand } from '../../facts/bootArguments.ts';
import { commandLinePlace } from '../../facts/commandLinePlace.ts';
import { kernelCmdline } from '../../languages/kernelCmdline/kernelCmdline.ts';
import { concernsPassthrough } from '../../languages/kernelCmdline/parameters.ts';
import { appendWords } from '../../languages/kernelCmdline/quoting.ts';
import type { KernelCmdlineTree } from '../../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { Parameter } from '../../syntax/commandLine.ts';
import { inventoryOf, type World } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.8.12-9-pve
command-line: BOOT_IMAGE=/boot/vmlinuz-6.8.12-9-pve root=/dev/mapper/pve-root ro quiet
== boot: ok
loader: grub
== end
`;

export const wrongFileKernelCmdline: Rule<KernelCmdlineTree> = {
  id: 'boot/wrong-file-kernel-cmdline',
  severity: 'warning',
  language: kernelCmdline,
  docs: {
    what: 'Parameters for passthrough are in /etc/kernel/cmdline, but the host boots with GRUB.',
    why: 'GRUB takes the kernel parameters from /etc/default/grub. What is written here reaches no kernel.',
    source: 'pve-docs, system-booting; the running command line of the host',
  },
  examples: [
    {
      bad: '--- etc/kernel/cmdline\nroot=/dev/mapper/pve-root quiet «iommu=pt»\n--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      fixed:
        '--- etc/kernel/cmdline\nroot=/dev/mapper/pve-root quiet iommu=pt\n--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\n',
      good: '--- etc/kernel/cmdline\nroot=/dev/mapper/pve-root quiet\n--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\n',
      host,
    },
  ],
  *check(file, world) {
    const { source, running, configured } = bootArguments(world, file);
    if (source !== 'grub' || !running) return;
    const inGrub = configured?.map(({ parameter }) => parameter) ?? [];
    const lost = file.tree.used.parameters
      .filter(({ id }) => concernsPassthrough(id))
      .filter(parameter => !isGiven(parameter, running) && !isGiven(parameter, inGrub));
    if (lost.length === 0) return;
    const fixes = copyToGrub(world, file, lost);
    for (const parameter of lost) {
      yield {
        span: parameter.whole.span,
        message: `This host boots with GRUB and never reads this file: ${parameter.whole.text} does not reach the kernel. Write it in GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub, then run "${refreshCommand(source, inventoryOf(world, file))}" and reboot.`,
        fixes,
      };
    }
  },
};

function copyToGrub(world: World, file: SourceFile, lost: readonly Parameter[]): readonly Fix[] {
  const words = [...new Set(lost.map(({ whole }) => whole.text))];
  const place = commandLinePlace(world, 'grub', file);
  const edit = place && appendWords(place.line, words);
  return place && edit ? [fixIn(place.file, `Copy ${words.join(' ')} to ${place.file.place.path}`, edit)] : [];
}
