import { grub } from '../../languages/grub/grub.ts';
import { type GrubTree, holdsParameters } from '../../languages/grub/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { ShellProblem } from '../../syntax/shellAssignment.ts';
import { textOf } from '../../text/lines.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const grubSyntax: Rule<GrubTree> = {
  id: 'boot/grub-syntax',
  severity: 'error',
  language: grub,
  docs: {
    what: 'An assignment of /etc/default/grub that the shell does not read as one: a missing quote, blanks around `=`, `+=`, or a value with blanks but no quotes.',
    why: '`update-grub` stops with an error and the boot menu stays as it was, or, without quotes, it goes on silently with the first word only.',
    source:
      'grub-mkconfig sources the file with sh; observed: "Unterminated quoted string" (exit 2), "not found" (exit 127), no message for an unquoted value',
  },
  examples: [
    {
      bad: '«GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on»\nGRUB_CMDLINE_LINUX=""\n',
      fixed: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\nGRUB_CMDLINE_LINUX=""\n',
      good: 'GRUB_DISTRIBUTOR=`( . /etc/os-release && echo $NAME )`\nGRUB_CMDLINE_LINUX=""\n',
    },
    {
      bad: '«GRUB_CMDLINE_LINUX_DEFAULT = "quiet"»\n',
      fixed: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      good: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet" # fewer messages\n',
    },
    {
      bad: '«GRUB_CMDLINE_LINUX_DEFAULT=quiet intel_iommu=on»\n',
      fixed: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\n',
      good: 'GRUB_CMDLINE_LINUX_DEFAULT=quiet\n',
    },
    {
      bad: '«GRUB_CMDLINE_LINUX+=" iommu=pt"»\n',
      fixed: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX iommu=pt"\n',
      good: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX iommu=pt"\n',
    },
  ],
  *check(file) {
    for (const problem of file.tree.script.problems) {
      if (!problem.variable.startsWith('GRUB_')) continue;
      if (problem.kind === 'unquoted' && !holdsParameters(problem.variable)) continue;
      const fix = mend(file, problem);
      yield { span: problem.span, message: tell(problem), ...(fix ? { fixes: [fix] } : {}) };
    }
  },
};

function tell({ kind, variable, quote }: ShellProblem): string {
  const stops = 'update-grub stops with an error and changes nothing.';
  if (kind === 'unclosed')
    return `The ${quote === '(' ? 'bracket' : `quote ${quote}`} is never closed: ${stops} Add it at the end of the line.`;
  if (kind === 'blanks') return `With blanks around "=" the shell takes ${variable} for a command: ${stops}`;
  if (kind === 'append') return `The shell that reads this file has no "+=": ${stops} Write "$${variable} …" instead.`;
  return `Without quotes the value of ${variable} ends at the first blank; the rest is lost without a message. Put quotes around it.`;
}

function mend(file: SourceFile<GrubTree>, { kind, variable, span, quote }: ShellProblem): Fix | undefined {
  const text = textOf(file.lines, span);
  if (text.includes('\n')) return undefined;
  if (kind === 'unclosed') {
    if (quote !== '"' && quote !== "'") return undefined;
    return fixIn(file, `Add the missing ${quote}`, { span: { ...span, start: span.end }, text: quote });
  }
  if (kind === 'blanks') {
    const bare = /^[A-Z0-9_]+[ \t]*=[ \t]*(.*)$/.exec(text)?.[1];
    if (bare === undefined) return undefined;
    const isOneWord = /^(?:"[^"]*"|'[^']*'|[^\s"']+)$/.test(bare);
    return isOneWord ? fixIn(file, 'Remove the blanks', { span, text: `${variable}=${bare}` }) : undefined;
  }
  const value = text.slice(variable.length + (kind === 'append' ? 2 : 1));
  if (kind === 'append') {
    const inner = /^"(.*)"$/.exec(value)?.[1] ?? (/^[^"'\\$`]*$/.test(value) ? ` ${value}` : undefined);
    return inner === undefined
      ? undefined
      : fixIn(file, `Write $${variable}`, { span, text: `${variable}="$${variable}${inner}"` });
  }
  return /["'\\]/.test(value)
    ? undefined
    : fixIn(file, 'Put quotes around the value', { span, text: `${variable}="${value}"` });
}
