import { grub } from '../languages/grub/grub.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import { type CommandLines, parametersOf, type WrittenCommandLine } from '../languages/kernelCmdline/tree.ts';
import type { Language, SourceFile } from '../languages/language.ts';
import { isLiteral, type Parameter, type Piece } from '../syntax/commandLine.ts';
import type { Edit } from '../text/edit.ts';
import { type Span, span } from '../text/span.ts';
import type { Rule } from './rule.ts';

/** A rule about kernel parameters, wherever they stand: in /etc/kernel/cmdline and in GRUB's settings. */
export interface CommandLineRule extends Rule<CommandLines> {
  readonly alsoIn: readonly Language<CommandLines>[];
}

export const commandLineRule = (rule: Omit<CommandLineRule, 'language' | 'alsoIn'>): CommandLineRule => ({
  ...rule,
  language: kernelCmdline,
  alsoIn: [grub],
});

/** Parameters of a file that the kernel gets as they are written, in order. */
export function* literalParameters(
  file: SourceFile<CommandLines>,
): Generator<{ readonly parameter: Parameter; readonly line: WrittenCommandLine }> {
  for (const found of parametersOf(file.tree)) if (isLiteral(found.parameter)) yield found;
}

/** Takes a parameter out, with the blanks on one side of it. */
export function removeParameter(line: WrittenCommandLine, parameter: Parameter): Edit {
  const at = line.parameters.indexOf(parameter);
  const where = parameter.whole.span;
  const next = line.parameters[at + 1]?.whole.span ?? line.initArguments[0]?.span;
  if (next) return { span: between(where, next), text: '' };
  const before = line.parameters[at - 1]?.whole.span;
  return { span: before ? { ...where, line: before.endLine, start: before.end } : where, text: '' };
}

/** Takes one item out of a value, with a comma; the whole parameter where it is the only item. */
export function removeItem(line: WrittenCommandLine, parameter: Parameter, item: Piece): Edit {
  const at = parameter.items.indexOf(item);
  const next = parameter.items[at + 1]?.span;
  if (next) return { span: between(item.span, next), text: '' };
  const before = parameter.items[at - 1]?.span;
  return before
    ? { span: { ...item.span, line: before.endLine, start: before.end }, text: '' }
    : removeParameter(line, parameter);
}

export const replaceWith = (where: Span, text: string): Edit => ({ span: where, text });

/** The character before a stretch and the stretch: a comma and what follows it. */
export const oneBefore = (where: Span): Span => span(where.line, where.start - 1, where.end);

const between = (from: Span, to: Span): Span => ({
  line: from.line,
  start: from.start,
  endLine: to.line,
  end: to.start,
});
