import { kernelCmdline } from '../../languages/kernelCmdline/kernelCmdline.ts';
import type { KernelCmdlineTree } from '../../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { endOf } from '../../text/lines.ts';
import { span } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const cmdlineMultiline: Rule<KernelCmdlineTree> = {
  id: 'boot/cmdline-multiline',
  severity: 'error',
  language: kernelCmdline,
  docs: {
    what: '/etc/kernel/cmdline has more than one line, or a comment.',
    why: 'Only the first line is read: what stands below never reaches the kernel. If the first line is empty or a comment, there is no `root=` in it, and `proxmox-boot-tool refresh` stops. The file knows no comments.',
    source: 'proxmox-kernel-helper: reads the first line; pve-docs, system-booting',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\n«intel_iommu=on iommu=pt»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n',
    },
    {
      bad: '«# for the GPU»\n«root=ZFS=rpool/ROOT/pve-1 boot=zfs»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\n\n',
    },
  ],
  *check(file, world) {
    if (inventoryOf(world, file)?.boot.proxmoxBootTool === false) return;
    const written = file.lines.map((text, line) => ({ text: text.trim(), line })).filter(({ text }) => text !== '');
    const fix = joinLines(file);
    for (const { text, line } of written) {
      const isComment = text.startsWith('#');
      if (line === 0 && !isComment) continue;
      const start = (file.lines[line] ?? '').indexOf(text);
      yield {
        span: span(line, start, start + text.length),
        message: isComment
          ? 'This file knows no comments: remove it.'
          : 'Only the first line of this file is read, so this never reaches the kernel. Write everything in the first line.',
        fixes: [fix],
      };
    }
  },
};

/** One line with everything that is no comment. */
function joinLines(file: SourceFile<KernelCmdlineTree>): Fix {
  const texts = file.lines.map(text => text.trim()).filter(text => text !== '' && !text.startsWith('#'));
  const end = endOf(file.lines);
  const whole = { line: 0, start: 0, endLine: end.line, end: end.column };
  return fixIn(file, 'Join the lines', { span: whole, text: `${texts.join(' ')}\n` });
}
