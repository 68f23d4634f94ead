import {
  amdIommuNoops,
  importantNames,
  iommuValues,
  isIommuValue,
  standaloneNames,
} from '../../languages/kernelCmdline/parameters.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { Parameter, Piece } from '../../syntax/commandLine.ts';
import { nearest } from '../../text/nearest.ts';
import { commandLineRule, literalParameters, replaceWith } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';

export const unknownIommuValue = commandLineRule({
  id: 'cmdline/unknown-iommu-value',
  severity: 'warning',
  docs: {
    what: 'A value that `iommu`, `intel_iommu` or `amd_iommu` does not know, or a parameter that looks like a misspelt one.',
    why: 'The kernel ignores what it does not know, at most with a line in its log. The host then runs without the setting.',
    source: 'kernel 5.15 to 7.0, iommu_setup, intel_iommu_setup, parse_amd_iommu_options',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root intel_iommu=«yes»\n',
      good: 'root=/dev/mapper/pve-root intel_iommu=on,sm_on\n',
    },
    {
      bad: 'root=/dev/mapper/pve-root «intel_immou»=on quiet\n',
      fixed: 'root=/dev/mapper/pve-root intel_iommu=on quiet\n',
      good: 'root=/dev/mapper/pve-root intel_iommu=on quiet\n',
    },
    {
      bad: 'root=/dev/mapper/pve-root intel_iommu=on iommu=«tp»\n',
      fixed: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
      good: 'root=/dev/mapper/pve-root intel_iommu=on iommu=pt\n',
    },
  ],
  *check(file) {
    for (const { parameter } of literalParameters(file)) {
      if (parameter.id in iommuValues) {
        for (const item of parameter.items) yield* valueFinding(file, parameter, item);
      } else yield* nameFinding(file, parameter);
    }
  },
});

function* valueFinding(file: SourceFile, parameter: Parameter, item: Piece): Generator<Finding> {
  const { id } = parameter;
  if (item.text === '' || isIommuValue(id, item.text) || isOtherFault(id, item.text)) return;
  const meant = nearest(item.text, iommuValues[id] ?? [], item.text.length > 3 ? 2 : 1);
  const isSwap = meant !== undefined;
  yield {
    span: item.span,
    message: `${parameter.name.text}=${item.text} is not known to the kernel, which ignores it.${isSwap ? ` Was "${meant}" meant?` : ''}`,
    ...(isSwap ? { fixes: [fixIn(file, `Change to ${meant}`, replaceWith(item.span, meant))] } : {}),
  };
}

/** `amd_iommu=on` and glued parameters have rules of their own. */
function isOtherFault(id: string, value: string): boolean {
  if (id === 'amd_iommu' && amdIommuNoops.has(value)) return true;
  const equals = value.indexOf('=');
  return standaloneNames.has((equals === -1 ? value : value.slice(0, equals)).replaceAll('-', '_'));
}

function* nameFinding(file: SourceFile, parameter: Parameter): Generator<Finding> {
  const name = parameter.name.text;
  if (!parameter.hasEquals || name.length < 5 || /[^A-Za-z0-9_.-]/.test(name)) return;
  if (importantNames.some(known => known.replaceAll('-', '_') === parameter.id) || isOtherName(parameter.id)) return;
  const meant = nearest(name, importantNames, name.length > 8 ? 2 : 1);
  if (meant === undefined) return;
  yield {
    span: parameter.name.span,
    message: `"${name}" is not a parameter that the kernel knows. Was "${meant}" meant?`,
    fixes: [fixIn(file, `Change to ${meant}`, replaceWith(parameter.name.span, meant))],
  };
}

/** Real names, and slips with a rule of their own, that look like another one. */
const isOtherName = (id: string): boolean => id === 'pci_acs_override' || id === 'hugepages' || id === 'hugepagesz';
