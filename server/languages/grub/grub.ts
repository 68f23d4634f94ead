import { type Position, span, touches } from '../../text/span.ts';
import { completeParameter } from '../kernelCmdline/complete.ts';
import { describeParameter } from '../kernelCmdline/hover.ts';
import {
  idHints,
  moduleUses,
  parameterSelections,
  parameterSymbols,
  parameterTokens,
} from '../kernelCmdline/outline.ts';
import { takeDevices } from '../kernelCmdline/takeDevices.ts';
import type { Description, Fold, Language, SourceFile, Suggestion, Surroundings, SymbolNode } from '../language.ts';
import { commonVariable, defaultVariable, type GrubCommandLine, type GrubTree, parseGrub } from './tree.ts';

/**
 * /etc/default/grub and /etc/default/grub.d: shell scripts for every editor. This adds what is between the quotes of
 * the variables that hold kernel parameters.
 */
export const grub: Language<GrubTree> = {
  id: 'grub-default',
  name: 'GRUB settings',
  patterns: ['**/etc/default/grub', '**/etc/default/grub.d/*.cfg'],
  lineComment: '#',
  parse: parseGrub,
  complete: completeGrub,
  hover: (file, at, around) => describeVariable(file, at) ?? describeParameter(file.tree, at, around),
  takeDevices: (file, _at, addresses, around) => takeDevices(normalEntries(file.tree), addresses, around),
  symbols,
  folds,
  names: file => moduleUses(file.tree),
  hints: (file, around) => idHints(file.tree, around),
  selections: (file, at) => parameterSelections(file.tree, at),
  semanticTokens: file => parameterTokens(file.tree),
};

/** The assignments that decide about normal menu entries, the last one being the place for additions. */
function normalEntries({ commandLines }: GrubTree): readonly GrubCommandLine[] {
  const held = commandLines.filter(line => line.assignment.holds === true);
  const byName = (name: string): readonly GrubCommandLine[] => held.filter(line => line.variable === name);
  return [...byName(commonVariable), ...byName(defaultVariable)];
}

const variables: Readonly<Record<string, string>> = {
  [defaultVariable]:
    'Kernel parameters of the normal menu entries. They follow those of `GRUB_CMDLINE_LINUX`; recovery entries do without them. This is the place for passthrough parameters on hosts that boot with GRUB.',
  [commonVariable]: 'Kernel parameters of all menu entries, recovery included. They come first on the line.',
};

const afterEditing =
  'Takes effect after `update-grub` and a reboot. Where the same variable is assigned again, here or in `/etc/default/grub.d/*.cfg`, the last assignment wins.';

function describeVariable(file: SourceFile<GrubTree>, at: Position): Description | undefined {
  const found = file.tree.script.assignments.find(assignment => touches(assignment.name.span, at));
  const doc = found && variables[found.name.text];
  return doc
    ? { span: found.name.span, markdown: `**\`${found.name.text}\`**\n\n${doc}\n\n${afterEditing}` }
    : undefined;
}

function completeGrub(file: SourceFile<GrubTree>, at: Position, around: Surroundings): readonly Suggestion[] {
  const inValue = completeParameter(file.tree, at, around);
  if (inValue.length > 0) return inValue;
  const before = (file.lines[at.line] ?? '').slice(0, at.column);
  const rest = (file.lines[at.line] ?? '').slice(at.column).trim();
  if (!/^[A-Z_]*$/.test(before) || rest !== '' || isInsideValue(file, at)) return [];
  return Object.entries(variables).map(([name, documentation]) => ({
    label: name,
    kind: 'key' as const,
    replace: span(at.line, 0, at.column),
    insert: `${name}="$1"`,
    snippet: true,
    again: true,
    documentation,
  }));
}

const isInsideValue = (file: SourceFile<GrubTree>, at: Position): boolean =>
  file.tree.script.assignments.some(({ written }) => written.endLine > written.line && touches(written, at));

function symbols(file: SourceFile<GrubTree>): readonly SymbolNode[] {
  return file.tree.script.assignments.map(assignment => {
    const line = file.tree.commandLines.find(one => one.assignment === assignment);
    return {
      name: assignment.name.text,
      ...(line ? {} : { detail: assignment.value.text.replaceAll('\uFFFC', '…').slice(0, 80) }),
      kind: 'key',
      span: assignment.statement,
      nameSpan: assignment.name.span,
      ...(line ? { children: parameterSymbols(line.parameters) } : {}),
    };
  });
}

/** Blocks of comment lines, as Debian's file starts with one. */
function folds(file: SourceFile<GrubTree>): readonly Fold[] {
  const found: Fold[] = [];
  let from = -1;
  file.lines.forEach((text, line) => {
    const isComment = text.startsWith('#');
    if (isComment && from === -1) from = line;
    if (isComment && line < file.lines.length - 1) return;
    const to = isComment ? line : line - 1;
    if (from !== -1 && to > from) found.push({ from, to, kind: 'comment' });
    from = -1;
  });
  return found;
}
