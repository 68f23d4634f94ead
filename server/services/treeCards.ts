import { deviceLabel, functionAt, type PciFunction } from '../../host/inventory.ts';
import { type PciAddress, shortAddress } from '../../host/pciAddress.ts';
import { driftOfSnapshot } from '../facts/drift.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../text/markdown.ts';
import { deviceCard } from '../values/deviceCard.ts';
import type { HostView } from './treeHost.ts';
import { dotted } from './treeRow.ts';
import { stateText } from './treeState.ts';

/** A row whose card is wanted. */
export interface CardRequest {
  /** URI of the snapshot. */
  readonly host: string;
  readonly address?: string | undefined;
  readonly group?: number | undefined;
}

/** What to know of a device or a group, as Markdown; `undefined` where the host has no such thing. */
export function cardOf(view: HostView, { address, group }: CardRequest): string | undefined {
  const fn = address === undefined ? undefined : functionAt(view.inventory, address as PciAddress);
  if (fn) return functionCard(view, fn);
  return group === undefined ? undefined : groupCard(view, group);
}

function functionCard(view: HostView, fn: PciFunction): string {
  const changes = driftOfSnapshot(view.snapshot)?.at(fn.address) ?? [];
  const users = view.usesOf(fn).map(({ label, isHeld }) => (isHeld ? `${label}, running` : label));
  const alarm = view.alarmOf(fn);
  return paragraphs(
    deviceCard(fn, view.inventory, [...users, ...view.mappingsOf(fn).map(name => `mapping ${name}`)]),
    alarm && escapeMarkdown(alarm),
    changes.length > 0 && `**Changed:** ${changes.map(change => escapeMarkdown(change.text)).join(' ')}`,
  );
}

function groupCard(view: HostView, group: number): string {
  const members = view.groupOf(group);
  const told = members.slice(0, mostTold).map(fn => {
    const state = stateText(view, fn);
    const driver = fn.driver === null ? 'no driver' : fn.driver && inlineCode(fn.driver);
    const about = dotted(driver, state === '' ? undefined : escapeMarkdown(state));
    return `- ${inlineCode(shortAddress(fn.address))} ${escapeMarkdown(deviceLabel(fn))}${about === '' ? '' : ` · ${about}`}`;
  });
  const rest = members.length - told.length;
  const more = rest > 0 ? [`- and ${rest} more`] : [];
  return `**IOMMU group ${group}**\n\n${[...told, ...more].join('\n')}`;
}

const mostTold = 20;
