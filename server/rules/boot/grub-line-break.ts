import { grub } from '../../languages/grub/grub.ts';
import type { GrubCommandLine, GrubTree } from '../../languages/grub/tree.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const grubLineBreak: Rule<GrubTree> = {
  id: 'boot/grub-line-break',
  severity: 'error',
  language: grub,
  docs: {
    what: "The kernel parameters in GRUB's settings go on over a line break.",
    why: 'The line break is copied into the boot menu, where the kernel line ends at it. What stands behind never reaches the kernel, and no tool says so.',
    source: 'grub-mkconfig, observed: the line of grub.cfg is cut without a message',
  },
  examples: [
    {
      bad: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet«\n»intel_iommu=on"\n',
      fixed: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\n',
      good: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet \\\nintel_iommu=on"\n',
    },
  ],
  *check(file) {
    for (const line of file.tree.commandLines) {
      for (const { from, to } of lineBreaks(line)) {
        const where = line.assignment.value.spanOf(from, to);
        yield {
          span: where,
          message: `The kernel line ends here: what follows in ${line.variable} is lost. Write it in one line, or put a backslash before the line break.`,
          fixes: [fixIn(file, 'Join the lines', { span: where, text: ' ' })],
        };
      }
    }
  },
};

/** Line breaks that the value really has (a backslash before one takes it out), with the blanks around. */
function lineBreaks({ assignment }: GrubCommandLine): readonly { from: number; to: number }[] {
  const { text } = assignment.value;
  const found: { from: number; to: number }[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', found.at(-1)?.to ?? at + 1)) {
    let from = at;
    let to = at + 1;
    while (from > 0 && /\s/.test(text[from - 1] as string)) from--;
    while (to < text.length && /\s/.test(text[to] as string)) to++;
    found.push({ from, to });
  }
  return found;
}
