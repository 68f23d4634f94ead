import { kernelCmdline } from '../../languages/kernelCmdline/kernelCmdline.ts';
import type { KernelCmdlineTree } from '../../languages/kernelCmdline/tree.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const cmdlineQuotes: Rule<KernelCmdlineTree> = {
  id: 'boot/cmdline-quotes',
  severity: 'error',
  language: kernelCmdline,
  docs: {
    what: "/etc/kernel/cmdline is written like GRUB's settings: with a variable before it, or in quotes.",
    why: 'The file holds the bare command line. Quotes and variable become part of the first and last parameter, which the kernel then does not know; a double quote that is never closed makes one parameter of all that follows.',
    source: 'kernel, lib/cmdline.c, next_arg; reports of users',
  },
  examples: [
    {
      bad: '«GRUB_CMDLINE_LINUX_DEFAULT="»root=ZFS=rpool/ROOT/pve-1 intel_iommu=on«"»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 intel_iommu=on\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 intel_iommu=on\n',
    },
    {
      bad: "«'»root=ZFS=rpool/ROOT/pve-1 intel_iommu=on«'»\n",
      fixed: 'root=ZFS=rpool/ROOT/pve-1 intel_iommu=on\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 dyndbg="file drivers/usb/* +p"\n',
    },
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 quiet«"»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 quiet\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 quiet\n',
    },
  ],
  *check(file) {
    for (let line = 0; line < file.lines.length; line++) {
      const marks = strayMarks(file.lines[line] ?? '');
      if (marks.length === 0) continue;
      const fix = fixIn(
        file,
        'Write the bare command line',
        ...marks.map(([from, to]) => ({ span: span(line, from, to), text: '' })),
      );
      for (const [from, to] of marks) {
        yield {
          span: span(line, from, to),
          message:
            'This file holds the bare command line, without a variable and without quotes around it. Remove this.',
          fixes: [fix],
        };
      }
    }
  },
};

/** Stretches that do not belong there: `GRUB_…=` with its quotes, quotes around everything, a quote without a partner. */
function strayMarks(text: string): readonly (readonly [number, number])[] {
  const found = /^([ \t]*)((?:export[ \t]+)?GRUB_[A-Z_]+\+?=)?(["']?)/.exec(text);
  const indent = found?.[1]?.length ?? 0;
  const variable = found?.[2] ?? '';
  const quote = found?.[3] ?? '';
  const open = indent + variable.length + quote.length;
  const end = text.trimEnd().length;
  const closes = quote !== '' && end > open && text[end - 1] === quote;
  const isAround = closes && !text.slice(open, end - 1).includes(quote);
  if (variable !== '')
    return isAround || closes
      ? [
          [indent, open],
          [end - 1, end],
        ]
      : [[indent, open]];
  if (isAround)
    return [
      [indent, open],
      [end - 1, end],
    ];
  const doubles = [...text.matchAll(/"/g)].map(match => match.index);
  if (doubles.length !== 1) return [];
  return [[doubles[0]!, doubles[0]! + 1]];
}
