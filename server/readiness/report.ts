import { deviceLabel, groupMembers, type Inventory } from '../../host/inventory.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../text/markdown.ts';
import type { Assessment } from './assess.ts';
import { type Mask, maskFor } from './mask.ts';
import type { DueCommand, Readiness, Stage, Step, StepState } from './readiness.ts';

const icons: Readonly<Record<StepState, string>> = {
  passed: '✅',
  failed: '❌',
  warning: '⚠️',
  unknown: '❓',
  skipped: '➖',
};

/** The whole as Markdown for a forum: names, addresses of networks and serial numbers masked, ids and PCI addresses kept. */
export function markdownReport({ readiness, world, inventory, functions }: Assessment): string {
  const mask = maskFor(world, inventory);
  const groups = new Set(functions.map(fn => fn.iommuGroup).filter(group => typeof group === 'number'));
  return `${paragraphs(
    `### PCI passthrough: ${text(mask, readiness.title)}`,
    inventory && hostLine(inventory, mask),
    `**${icons[readiness.state]} ${summary(readiness)}**`,
    ...readiness.stages.flatMap(one => stageText(one, mask)),
    commandsText(readiness.commands, mask),
    inventory && [...groups].map(group => groupText(inventory, group, mask)).join('\n\n'),
    readiness.gaps.length > 0 &&
      `Not known:\n${readiness.gaps
        .slice(0, 10)
        .map(gap => `- ${text(mask, gap)}`)
        .join('\n')}`,
    '*Made by hostpci; names and serial numbers are masked.*',
  )}\n`;
}

/** `2 failed, 1 warning, 12 passed`. */
export function summary({ stages }: Readiness): string {
  const steps = stages.flatMap(one => one.steps);
  const count = (state: StepState): number => steps.filter(one => one.state === state).length;
  const [failed, warnings, unknown, passed] = [count('failed'), count('warning'), count('unknown'), count('passed')];
  const parts = [
    failed > 0 ? `${failed} failed` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
    unknown > 0 ? `${unknown} unknown` : '',
    `${passed} passed`,
  ];
  return parts.filter(part => part !== '').join(', ');
}

/** An underscore inside a word and a lone @ mean nothing in Markdown, and many a forum shows the backslash. */
const text = (mask: Mask, raw: string): string =>
  escapeMarkdown(mask(raw))
    .replace(/(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])/g, '_')
    .replace(/\\@(?= )/g, '@');

function hostLine({ versions, kernel, boot, cpu, takenAt }: Inventory, mask: Mask): string {
  const parts = [
    versions.pveManager && `Proxmox VE ${versions.pveManager}`,
    kernel.release && `kernel ${kernel.release}`,
    versions.qemuServer && `qemu-server ${versions.qemuServer}`,
    versions.qemu && `QEMU ${versions.qemu}`,
    cpu?.model,
    boot.efi === undefined ? undefined : boot.efi ? 'UEFI' : 'BIOS',
    boot.loader,
    takenAt && `asked ${takenAt.slice(0, 16).replace('T', ' ')} UTC`,
  ];
  return parts
    .filter(part => part !== undefined && part !== '')
    .map(part => text(mask, part as string))
    .join(' · ');
}

function stageText(one: Stage, mask: Mask): readonly string[] {
  const told = one.steps.filter(({ state }) => state !== 'skipped');
  if (told.length === 0) return [];
  return [[`**${text(mask, one.title)}** ${icons[one.state]}`, ...told.map(step => stepText(step, mask))].join('\n')];
}

/** What holds is told in a line; what does not with everything that is known of it. */
function stepText(one: Step, mask: Mask): string {
  // A step's title is ours: a storage that is called as a word in it would make nonsense of it.
  const head = `- ${icons[one.state]} ${text(unmasked, one.title)}`;
  if (one.state === 'passed') {
    const [first, ...rest] = one.evidence;
    const more = rest.length > 0 ? ` (+${rest.length})` : '';
    const told = first && `${one.title}: ${mask(shortened(first.text))}${more}`;
    return told ? `- ${icons.passed} ${text(unmasked, told)}` : head;
  }
  const lines = one.evidence.map(({ text: raw }) => `  - ${text(mask, shortened(raw))}`);
  return [head, ...lines, ...(one.advice === undefined ? [] : [`  - → ${text(mask, one.advice)}`])].join('\n');
}

const unmasked: Mask = raw => raw;

const shortened = (raw: string): string => (raw.length > 400 ? `${raw.slice(0, 400)}…` : raw);

function commandsText(commands: readonly DueCommand[], mask: Mask): string | false {
  const due = commands.filter(({ isDue }) => isDue !== false);
  if (due.length === 0) return commands.length > 0 && 'Nothing is left to be run on the host.';
  return `**To run on the host, in this order**\n${due
    .map(
      ({ command, why, isDue }, index) =>
        `${index + 1}. ${inlineCode(mask(command))}${isDue ? '' : ' (perhaps)'} – ${text(mask, why)}`,
    )
    .join('\n')}`;
}

function groupText(inventory: Inventory, group: number, mask: Mask): string {
  const lines = groupMembers(inventory, group).map(fn =>
    [
      fn.address,
      fn.classId ?? '????',
      `${fn.vendorId ?? '????'}:${fn.deviceId ?? '????'}`,
      fn.driver === null ? '-' : (fn.driver ?? '?'),
      mask(deviceLabel(fn)).replaceAll('`', "'"),
    ].join(' '),
  );
  return `IOMMU group ${group}\n\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}
