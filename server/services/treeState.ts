import type { HostNeed, PciFunction } from '../../host/inventory.ts';
import type { HostClaim } from '../facts/deviceUse.ts';
import { needLabel } from '../values/deviceCard.ts';
import type { DeviceState, HostView } from './treeHost.ts';
import { counted, dotted } from './treeRow.ts';

/** Colours that every theme has, the ones for high contrast too. */
export const stateColors: Readonly<Record<DeviceState, string>> = {
  bridge: 'disabledForeground',
  'host-needs': 'charts.red',
  'in-use': 'charts.blue',
  'no-iommu': 'disabledForeground',
  'group-needed': 'problemsErrorIcon.foreground',
  'shared-group': 'problemsWarningIcon.foreground',
  ready: 'charts.green',
  'host-driver': 'foreground',
  unknown: 'foreground',
};

/** How a device stands, in so few words that they fit behind its name and address; `below`: its guest is said above. */
export function stateText(view: HostView, fn: PciFunction, below?: HostClaim): string {
  const uses = useText(view, fn, below);
  const others = uses !== undefined && below !== undefined && below.by !== 'mapping' ? `also ${uses}` : uses;
  return dotted(needText(view.needsOf(fn)), others, withoutUse[view.stateOf(fn)]?.(view, fn));
}

/** The same in whole words, for a screen reader. */
export function stateInWords(view: HostView, fn: PciFunction): string {
  const needs = view.needsOf(fn).map(needLabel);
  const uses = view.usesOf(fn).map(({ label }) => label);
  const state = view.stateOf(fn);
  return [
    needs.length > 0 && `the host needs it: ${needs.join(', ')}`,
    uses.length > 0 && `in use by ${uses.join(', ')}`,
    withoutUse[state]?.(view, fn),
    view.alarmOf(fn),
  ]
    .filter(Boolean)
    .join(', ');
}

/** `host: / +2` */
export function needText(needs: readonly HostNeed[]): string | undefined {
  const [first, ...more] = needs;
  if (!first) return undefined;
  return `host: ${shortNeed(first)}${more.length > 0 ? ` +${more.length}` : ''}`;
}

const shortNeed = ({ kind, detail }: HostNeed): string => {
  if (kind === 'console') return 'console';
  if (kind === 'usb-input') return 'keyboard';
  return detail === '' ? kind : detail;
};

/** `VM 101, CT 102` */
export function useText(view: HostView, fn: PciFunction, except?: HostClaim): string | undefined {
  const shorts = view
    .usesOf(fn)
    .filter(({ claim }) => except === undefined || claim?.uri !== except.uri)
    .map(({ short, claim }) => ((claim?.choices ?? 1) > 1 ? `${short}?` : short));
  return shorts.length === 0 ? undefined : [...new Set(shorts)].join(', ');
}

/** What to say of devices that neither host nor guests have a hold on. */
const withoutUse: Partial<Record<DeviceState, (view: HostView, fn: PciFunction) => string>> = {
  'group-needed': (view, fn) => `group with ${needText(view.companyOf(fn).flatMap(other => view.needsOf(other)))}`,
  'shared-group': (view, fn) => `shares group with ${counted(view.strangersOf(fn).length, 'other')}`,
  'no-iommu': () => 'no IOMMU group',
  ready: () => 'ready',
};

/** A codicon for the kind of a device. */
export const iconOf = (fn: PciFunction): string => {
  if (fn.physicalFunction !== undefined) return 'circle-outline';
  return icons.find(([prefix]) => fn.classId?.startsWith(prefix))?.[1] ?? 'circuit-board';
};

/** By class, the longer prefix first. */
const icons: readonly (readonly [prefix: string, icon: string])[] = [
  ['0280', 'broadcast'],
  ['0403', 'unmute'],
  ['0c03', 'plug'],
  ['0b40', 'zap'],
  ['01', 'database'],
  ['02', 'globe'],
  ['03', 'chip'],
  ['04', 'device-camera-video'],
  ['06', 'type-hierarchy-sub'],
  ['0d', 'broadcast'],
  ['12', 'chip'],
];
