import { grub } from '../../languages/grub/grub.ts';
import { commonVariable, defaultVariable, type GrubCommandLine, type GrubTree } from '../../languages/grub/tree.ts';
import { inSourcingOrder } from '../../languages/grub/variables.ts';
import { appendWords } from '../../languages/kernelCmdline/quoting.ts';
import type { SourceFile } from '../../languages/language.ts';
import { isLiteral, type Parameter } from '../../syntax/commandLine.ts';
import { deleteLine } from '../../text/edit.ts';
import { siblingsOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const grubDuplicateVariable: Rule<GrubTree> = {
  id: 'boot/grub-duplicate-variable',
  severity: 'warning',
  language: grub,
  docs: {
    what: 'A later assignment of the same variable, in this file or in /etc/default/grub.d, replaces this one, and some of its parameters are not in the later one.',
    why: 'The last assignment wins: these parameters never reach the kernel.',
    source: 'grub-mkconfig sources /etc/default/grub, then grub.d/*.cfg in order; observed',
  },
  examples: [
    {
      bad: 'GRUB_CMDLINE_LINUX_DEFAULT="«quiet intel_iommu=on»"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      fixed: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\n',
      good: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on"\n',
    },
    {
      bad: '--- etc/default/grub\nGRUB_CMDLINE_LINUX="«iommu=pt»"\n--- etc/default/grub.d/local.cfg\nGRUB_CMDLINE_LINUX=""\n',
      good: '--- etc/default/grub\nGRUB_CMDLINE_LINUX=""\n--- etc/default/grub.d/local.cfg\nGRUB_CMDLINE_LINUX="iommu=pt"\n',
    },
  ],
  *check(file, world) {
    const all = inSourcingOrder(siblingsOf(world, file, grub)).flatMap(other =>
      other.tree.commandLines.map(line => ({ file: other, line })),
    );
    for (const line of file.tree.commandLines) {
      if (line.assignment.holds !== true || (line.variable !== commonVariable && line.variable !== defaultVariable))
        continue;
      const later = all
        .slice(all.findIndex(one => one.line === line) + 1)
        .filter(one => one.line.variable === line.variable);
      const winner = later.find(one => one.line.assignment.holds === true);
      if (!winner || later.some(({ line: other }) => other.assignment.holds === 'maybe' || usesOldValue(other)))
        continue;
      const lost = line.parameters.filter(parameter => isLiteral(parameter) && !has(winner.line, parameter));
      if (lost.length === 0) continue;
      yield {
        span: line.span,
        tag: 'unnecessary',
        message: `${line.variable} is assigned again later, so ${lost.map(({ whole }) => whole.text).join(' ')} never reaches the kernel. Keep one assignment.`,
        related: [{ uri: winner.file.uri, span: winner.line.assignment.statement, message: 'This assignment wins.' }],
        fixes: mergeInto(file, line, winner, lost),
      };
    }
  },
};

/** `X="$X …"`: keeps what was there, or might. */
const usesOldValue = (line: GrubCommandLine): boolean => line.parameters.some(parameter => !isLiteral(parameter));

const has = (line: GrubCommandLine, { whole }: Parameter): boolean =>
  line.parameters.some(other => other.whole.text === whole.text);

/** Within one file: the later assignment gets what is missing, the earlier line goes. */
function mergeInto(
  file: SourceFile<GrubTree>,
  line: GrubCommandLine,
  winner: { readonly file: SourceFile<GrubTree>; readonly line: GrubCommandLine },
  lost: readonly Parameter[],
): readonly Fix[] {
  const { statement } = line.assignment;
  const isWholeLine = (file.lines[statement.line] ?? '').trim().length === statement.end - statement.start;
  if (winner.file !== file || statement.line !== statement.endLine || !isWholeLine) return [];
  const added = appendWords(
    winner.line,
    lost.map(({ whole }) => whole.text),
  );
  return added ? [fixIn(file, 'Merge into the later assignment', added, deleteLine(file.lines, statement.line))] : [];
}
