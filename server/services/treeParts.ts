import type { MdevType, PciFunction } from '../../host/inventory.ts';
import type { HostClaim } from '../facts/deviceUse.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../text/markdown.ts';
import type { HostView, Use } from './treeHost.ts';
import { dotted, type TreeRow } from './treeRow.ts';

/** Who has a device: guests and mappings, each leading to its line. `except` is the claim below which the device stands. */
export function useRows(view: HostView, fn: PciFunction, above: string, except?: HostClaim): readonly TreeRow[] {
  const guests = view.usesOf(fn).filter(({ claim }) => claim === undefined || !isSameClaim(claim, except));
  const mappings = view.claims.filter(
    claim => claim.by === 'mapping' && !isSameClaim(claim, except) && view.functionsOf(claim).includes(fn),
  );
  return [...guests.map(use => guestUseRow(view, use, above)), ...mappings.map(claim => mappingRow(claim, above))];
}

function guestUseRow(view: HostView, use: Use, above: string): TreeRow {
  const { claim, label } = use;
  const isRunning = isOn(view, use);
  return {
    id: `${above}#${use.short}#${claim?.key ?? ''}`,
    label,
    description: dotted(
      claim?.key,
      claim?.mapping !== undefined && `mapping ${claim.mapping}`,
      claim?.mdev,
      (claim?.choices ?? 1) > 1 && `one of ${claim?.choices}`,
      isRunning ? 'running' : undefined,
    ),
    icon: guestIcon(use.by),
    ...(isRunning ? { color: 'charts.green' } : {}),
    context: claim ? 'claim' : 'holder',
    ...locationOf(claim),
  };
}

const mappingRow = (claim: HostClaim, above: string): TreeRow => ({
  id: `${above}#${claim.label}`,
  label: claim.label,
  icon: 'references',
  context: 'claim',
  ...locationOf(claim),
});

/** The line of a claim; what only the host says leads nowhere. */
export const locationOf = (claim: HostClaim | undefined): Pick<TreeRow, 'location'> =>
  claim ? { location: { uri: claim.uri, line: claim.span.line, column: claim.span.start } } : {};

export const guestIcon = (by: Use['by']): string => (by === 'vm' ? 'vm' : 'package');

/** True where the host says that the guest runs. */
export const isOn = (view: HostView, use: Pick<Use, 'by' | 'guest' | 'isHeld'>): boolean =>
  use.isHeld || view.guest(use.by === 'vm' ? 'qemu' : 'lxc', use.guest)?.running === true;

const isSameClaim = (claim: HostClaim, other: HostClaim | undefined): boolean =>
  other !== undefined && claim.uri === other.uri && claim.span.line === other.span.line && claim.by === other.by;

/** The types of mediated devices that a function offers, with how many of each can still be made. */
export const mdevRows = (view: HostView, fn: PciFunction, above: string): readonly TreeRow[] =>
  (fn.mdevTypes ?? []).map(type => {
    const isTaken = type.available === 0;
    const free = type.available === undefined ? undefined : isTaken ? 'none free' : `${type.available} free`;
    return {
      id: `${above}+${type.id}`,
      label: type.name ?? type.id,
      description: dotted(type.name !== undefined && type.id, free),
      tooltip: mdevCard(type, free),
      icon: 'layers',
      color: isTaken ? 'disabledForeground' : 'charts.green',
      context: 'mdev',
      host: view.snapshot.uri,
      takes: `${fn.address},mdev=${type.id}`,
      ...(isTaken ? { dim: true } : {}),
    };
  });

const mdevCard = (type: MdevType, free: string | undefined): string =>
  paragraphs(
    `**${escapeMarkdown(type.name ?? type.id)}**`,
    dotted(inlineCode(type.id), free),
    type.description && escapeMarkdown(type.description),
  );
