import type { WrittenCommandLine } from '../../languages/kernelCmdline/tree.ts';
import { isLiteral, type Parameter } from '../../syntax/commandLine.ts';
import { commandLineRule, replaceWith } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

export const hugepagesOrder = commandLineRule({
  id: 'cmdline/hugepages-order',
  severity: 'warning',
  docs: {
    what: '`hugepages=` stands before the `hugepagesz=` that it is meant for.',
    why: 'The number then counts pages of the default size (2 MiB), and no page of the wanted size is reserved. VMs with `hugepages: 1024` may find none.',
    source:
      'kernel, mm/hugetlb.c, hugepages_setup; qemu-server, PVE/QemuServer/Memory.pm reads hugepagesz= and the hugepages= behind it',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root «hugepages=16» hugepagesz=1G\n',
      fixed: 'root=/dev/mapper/pve-root hugepagesz=1G hugepages=16\n',
      good: 'root=/dev/mapper/pve-root hugepages=512 hugepagesz=1G hugepages=16\n',
    },
  ],
  *check(file) {
    for (const line of file.tree.commandLines) {
      const slip = slipIn(line);
      if (!slip) continue;
      const { count, size } = slip;
      yield {
        span: count.whole.span,
        message: `${count.whole.text} stands before ${size.whole.text}, so it counts pages of the default size. Write it behind.`,
        fixes: [
          fixIn(
            file,
            `Write ${size.whole.text} ${count.whole.text}`,
            replaceWith(count.whole.span, size.whole.text),
            replaceWith(size.whole.span, count.whole.text),
          ),
        ],
      };
    }
  },
});

/** A count with one size behind it, and no count behind that size. More than one of either may be meant as it is. */
function slipIn(line: WrittenCommandLine): { count: Parameter; size: Parameter } | undefined {
  const written = line.parameters.filter(({ id }) => id === 'hugepages' || id === 'hugepagesz');
  const [count, size] = written;
  if (!count || !size || written.length !== 2 || !written.every(isLiteral)) return undefined;
  return count.id === 'hugepages' && size.id === 'hugepagesz' ? { count, size } : undefined;
}
