import { isPassiveMember } from '../../host/inventory.ts';
import { driftOfSnapshot } from '../facts/drift.ts';
import { escapeMarkdown, inlineCode, paragraphs, readableBytes } from '../text/markdown.ts';
import type { Snapshot, World } from '../workspace/world.ts';
import { driftList, driftSummary, readableTime } from './driftText.ts';
import { type CardRequest, cardOf } from './treeCards.ts';
import { classRows } from './treeClasses.ts';
import { deviceFilter } from './treeFilter.ts';
import { type Drawing, groupRows } from './treeGroups.ts';
import { HostView } from './treeHost.ts';
import { counted, dotted, type TreeRow, type TreeSort } from './treeRow.ts';
import { useRows } from './treeUse.ts';

export type { CardRequest, TreeRow, TreeSort };

/**
 * Hosts, below them groups of devices by the chosen order, below those the functions. With a filter only what it finds,
 * and hosts without any are left out.
 */
export function deviceTree(world: World, sort: TreeSort, filter: string): readonly TreeRow[] {
  const isFiltered = filter.trim() !== '';
  const isWanted = deviceFilter(filter);
  return [...world.snapshots].sort(byHostName).flatMap(snapshot => {
    const view = viewOf(world, snapshot);
    const shown = view.inventory.functions.filter(fn => isWanted(view, fn));
    return isFiltered && shown.length === 0 ? [] : [hostRow({ view, shown, isFiltered }, sort)];
  });
}

/** The card of a device or a group, as Markdown. */
export function deviceTreeCard(world: World, request: CardRequest): string | undefined {
  const snapshot = world.snapshots.find(({ uri }) => uri === request.host);
  return snapshot && cardOf(viewOf(world, snapshot), request);
}

const arrangements: Readonly<Record<TreeSort, (drawing: Drawing) => readonly TreeRow[]>> = {
  group: groupRows,
  class: classRows,
  use: useRows,
};

const views = new WeakMap<World, WeakMap<Snapshot, HostView>>();

/** A world stays the same while somebody types a filter. */
function viewOf(world: World, snapshot: Snapshot): HostView {
  const known = views.get(world) ?? new WeakMap<Snapshot, HostView>();
  views.set(world, known);
  const view = known.get(snapshot) ?? new HostView(snapshot, world);
  known.set(snapshot, view);
  return view;
}

/** Snapshots that came from a configured host, and not from a file of the workspace, have such a URI. */
const hostScheme = 'hostpci-host:/';

function hostRow(drawing: Drawing, sort: TreeSort): TreeRow {
  const { view, shown, isFiltered } = drawing;
  const { inventory, snapshot } = view;
  const { uri } = snapshot;
  const total = inventory.functions.length;
  const isAsked = uri.startsWith(hostScheme);
  const summary = driftSummary(driftOfSnapshot(snapshot));
  return {
    id: uri,
    label: hostName(snapshot),
    description: dotted(
      inventory.takenAt === undefined && 'from a listing',
      isFiltered ? `${shown.length} of ${counted(total, 'device')}` : counted(total, 'device'),
      summary,
    ),
    tooltip: hostCard(snapshot),
    icon: 'server',
    context: isAsked ? `host.asked${summary === undefined ? '' : '.changed'}` : 'host.file',
    open: true,
    host: uri,
    alarms: inventory.functions.flatMap(fn => (isPassiveMember(fn) ? [] : (view.alarmOf(fn) ?? []))),
    ...(inventory.takenAt === undefined ? {} : { takenAt: inventory.takenAt }),
    ...(isAsked ? { hostName: decodeURIComponent(uri.slice(hostScheme.length)) } : {}),
    children: arrangements[sort](drawing),
  };
}

/** What is known of a host as a whole, what changed on it, and what could not be read. */
function hostCard(snapshot: Snapshot): string {
  const { inventory } = snapshot;
  const { kernel, versions, cpu, memoryKiB, iommus, takenAt } = inventory;
  const facts = [
    takenAt !== undefined && `Asked at ${readableTime(takenAt)}`,
    versions.pveManager !== undefined && `Proxmox VE ${escapeMarkdown(versions.pveManager)}`,
    kernel.release !== undefined && `Kernel ${inlineCode(kernel.release)}`,
    cpu?.model !== undefined && escapeMarkdown(cpu.model),
    memoryKiB !== undefined && `${readableBytes(memoryKiB * 1024)} of memory`,
    iommus && (iommus.length > 0 ? `IOMMU in use: ${iommus.map(inlineCode).join(', ')}` : 'The IOMMU is not in use'),
  ].filter(fact => fact !== undefined && fact !== false);
  const gaps = inventory.gaps.map(gap => `- ${escapeMarkdown(gap)}`).join('\n');
  return paragraphs(
    `**${escapeMarkdown(hostName(snapshot))}**`,
    facts.map(fact => `- ${fact}`).join('\n'),
    driftList(driftOfSnapshot(snapshot)),
    gaps && `Not known:\n\n${gaps}`,
  );
}

const hostName = (snapshot: Snapshot): string =>
  snapshot.inventory.node ?? decode(snapshot.uri.slice(snapshot.uri.lastIndexOf('/') + 1)).replace(/\.snapshot$/, '');

/** A URI of somebody else's making may have a percent sign that means nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const byHostName = (a: Snapshot, b: Snapshot): number =>
  hostName(a).localeCompare(hostName(b), 'en', { numeric: true });
