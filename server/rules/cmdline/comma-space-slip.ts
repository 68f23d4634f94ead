import { standaloneNames } from '../../languages/kernelCmdline/parameters.ts';
import type { WrittenCommandLine } from '../../languages/kernelCmdline/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { Parameter } from '../../syntax/commandLine.ts';
import type { Span } from '../../text/span.ts';
import { commandLineRule, literalParameters, oneBefore, replaceWith } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';

export const commaSpaceSlip = commandLineRule({
  id: 'cmdline/comma-space-slip',
  severity: 'warning',
  docs: {
    what: 'A comma where a blank belongs (`quiet,intel_iommu=on`), or a comma with a blank behind it.',
    why: 'The kernel splits its command line at blanks alone. Glued parameters become one that it does not know; a list ends at the blank, and the rest is taken for a parameter of its own.',
    source:
      'kernel, lib/cmdline.c, next_arg; observed with vfio-pci ids: the part behind the blank is an unknown parameter',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root intel_iommu=on«,» iommu=pt\n',
      fixed: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
      good: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
    },
    {
      bad: 'root=/dev/mapper/pve-root quiet«,»intel_iommu=on\n',
      fixed: 'root=/dev/mapper/pve-root quiet intel_iommu=on\n',
      good: 'root=/dev/mapper/pve-root quiet intel_iommu=on console=ttyS0,115200\n',
    },
    {
      bad: 'root=/dev/mapper/pve-root vfio-pci.ids=10de:1b80«,» 10de:10f0\n',
      fixed: 'root=/dev/mapper/pve-root vfio-pci.ids=10de:1b80,10de:10f0\n',
      good: 'root=/dev/mapper/pve-root vfio-pci.ids=10de:1b80,10de:10f0\n',
    },
  ],
  *check(file) {
    for (const { parameter, line } of literalParameters(file)) {
      yield* trailing(file, line, parameter);
      yield* glued(file, line, parameter);
    }
  },
});

function* trailing(file: SourceFile, line: WrittenCommandLine, parameter: Parameter): Generator<Finding> {
  const next = line.parameters[line.parameters.indexOf(parameter) + 1];
  const where = parameter.whole.span;
  if (!next || !parameter.whole.text.endsWith(',') || where.line !== next.whole.span.line) return;
  const comma = { ...where, start: where.end - 1 };
  const continues = !next.hasEquals && /^[0-9a-f]{4}:[0-9a-f]{4}/i.test(next.name.text);
  const gap = { ...where, start: where.end, end: next.whole.span.start };
  const fix = continues
    ? fixIn(file, 'Remove the blank behind the comma', replaceWith(gap, ''))
    : fixIn(file, 'Remove the comma', replaceWith(comma, ''));
  yield {
    span: comma,
    message: continues
      ? `The list ends at the blank: "${next.whole.text}" is not part of it. Write it without blanks.`
      : 'Kernel parameters are separated by blanks alone. Remove the comma.',
    fixes: [fix],
  };
}

function* glued(file: SourceFile, line: WrittenCommandLine, parameter: Parameter): Generator<Finding> {
  for (const { text, where } of [...splitName(parameter), ...laterItems(parameter)]) {
    const name = text.split('=', 1)[0] as string;
    if (!standaloneNames.has(name.replaceAll('-', '_'))) continue;
    const comma = { ...oneBefore(where), end: where.start };
    const canSplit = line.quoting !== undefined && line.quoting !== 'none';
    yield {
      span: comma,
      message: `The comma glues "${name}" to what stands before it, so the kernel does not see it. Write a blank instead.`,
      ...(canSplit ? { fixes: [fixIn(file, 'Replace the comma by a blank', replaceWith(comma, ' '))] } : {}),
    };
  }
}

interface Part {
  readonly text: string;
  readonly where: Span;
}

const laterItems = (parameter: Parameter): readonly Part[] =>
  parameter.hasEquals ? parameter.items.slice(1).map(({ text, span }) => ({ text, where: span })) : [];

/** `quiet,intel_iommu` before the first `=`: the parts behind a comma. */
function splitName({ name, hasEquals }: Parameter): readonly Part[] {
  if (name.span.end - name.span.start !== name.text.length) return []; // written with escapes
  const parts: Part[] = [];
  for (let comma = name.text.indexOf(','); comma !== -1; comma = name.text.indexOf(',', comma + 1)) {
    const text = name.text.slice(comma + 1).split(',', 1)[0] as string;
    const isLast = hasEquals && comma + 1 + text.length === name.text.length;
    parts.push({ text: isLast ? `${text}=` : text, where: { ...name.span, start: name.span.start + comma + 1 } });
  }
  return parts;
}
