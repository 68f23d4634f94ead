import {
  deviceLabel,
  groupMembers,
  type HostNeed,
  type Inventory,
  isPassiveMember,
  type PciFunction,
} from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { escapeMarkdown, inlineCode, paragraphs, readableBytes } from '../text/markdown.ts';

/**
 * What to know about a PCI function before giving it away, as Markdown: name, ids, driver, IOMMU group and who shares it,
 * reset, virtual functions, memory, who claims it and what the host itself needs it for. Unknown things are left out.
 * `claims` are labels such as `VM 101 (media)`.
 */
export function deviceCard(fn: PciFunction, inventory: Inventory, claims: readonly string[] = []): string {
  const facts = [
    driverFact(fn),
    groupFact(fn, inventory),
    resetFact(fn),
    sriovFact(fn),
    mdevFact(fn),
    memoryFact(fn),
    ...otherFacts(fn),
  ].filter(fact => fact !== undefined);
  return paragraphs(
    `**${escapeMarkdown(fullName(fn))}**`,
    idLine(fn),
    facts.map(fact => `- ${fact}`).join('\n'),
    claims.length > 0 && `**Claimed by** ${claims.map(escapeMarkdown).join(', ')}`,
    ...needsOf(inventory, fn.address).map(need => `**The host needs it:** ${escapeMarkdown(needLabel(need))}`),
  );
}

/** Cards of several functions that are handed over together; the first in full, the others in a line each. */
export function slotCard(
  functions: readonly PciFunction[],
  inventory: Inventory,
  claims: readonly string[] = [],
): string {
  const [first, ...others] = functions;
  if (!first) return '';
  const rest = others.map(fn => `- ${inlineCode(fn.address)} ${escapeMarkdown(deviceLabel(fn))}${driverSuffix(fn)}`);
  const needs = others.flatMap(fn => needsOf(inventory, fn.address));
  return paragraphs(
    deviceCard(first, inventory, claims),
    rest.length > 0 && `Together with\n${rest.join('\n')}`,
    ...needs.map(need => `**The host needs it:** ${inlineCode(need.address)} ${escapeMarkdown(needLabel(need))}`),
  );
}

/** What the host itself uses a function for. */
export const needsOf = (inventory: Inventory, address: string): readonly HostNeed[] =>
  inventory.hostNeeds.filter(need => need.address === address);

const needWords: Readonly<Record<HostNeed['kind'], string>> = {
  'root-disk': 'disk of the host',
  disk: 'disk in use',
  'bridge-nic': 'network card of bridge',
  'cluster-nic': 'network card of the cluster',
  'host-nic': 'network card that the host is reached by',
  console: 'console of the host',
  'usb-input': 'keyboard or mouse of the host',
};

/** `disk of the host (rpool)`: one use of the host's own, in words. */
export function needLabel(need: HostNeed): string {
  const words = needWords[need.kind];
  if (need.detail === '') return words;
  return need.kind === 'bridge-nic' ? `${words} ${need.detail}` : `${words} (${need.detail})`;
}

/** `group 14 · nouveau`: what lists show beside an address. */
export function deviceDetail(fn: PciFunction): string {
  const group = typeof fn.iommuGroup === 'number' ? `group ${fn.iommuGroup}` : undefined;
  const driver = fn.driver === null ? 'no driver' : fn.driver;
  return [group, driver].filter(part => part !== undefined).join(' · ');
}

/** A list of devices in Markdown, at most eight of them. */
export const listDevices = (title: string, devices: readonly PciFunction[]): string =>
  [
    title,
    '',
    ...devices
      .slice(0, 8)
      .map(fn => `- ${inlineCode(fn.address)} ${escapeMarkdown(`${deviceLabel(fn)} · ${deviceDetail(fn)}`)}`),
    ...(devices.length > 8 ? ['- …'] : []),
  ].join('\n');

function fullName(fn: PciFunction): string {
  if (!fn.deviceName) return deviceLabel(fn);
  return fn.vendorName ? `${fn.vendorName} ${fn.deviceName}` : fn.deviceName;
}

function idLine(fn: PciFunction): string {
  const kind = fn.className
    ? `${escapeMarkdown(fn.className)}${fn.classId ? ` (${escapeMarkdown(fn.classId)})` : ''}`
    : undefined;
  const ids = fn.vendorId && fn.deviceId ? inlineCode(`${fn.vendorId}:${fn.deviceId}`) : undefined;
  const subsystem =
    fn.subsystemVendorId && `subsystem ${inlineCode(`${fn.subsystemVendorId}:${fn.subsystemDeviceId ?? '????'}`)}`;
  return [inlineCode(fn.address), kind, ids, subsystem].filter(Boolean).join(' · ');
}

function driverFact(fn: PciFunction): string | undefined {
  if (fn.driver === undefined) return undefined;
  const others = (fn.modules ?? []).filter(
    module => module !== fn.driver?.replaceAll('-', '_') && module !== fn.driver,
  );
  const also = others.length > 0 ? ` (other modules for it: ${others.map(inlineCode).join(', ')})` : '';
  return `Driver now: ${fn.driver === null ? 'none' : inlineCode(fn.driver)}${also}`;
}

function groupFact(fn: PciFunction, inventory: Inventory): string | undefined {
  if (fn.iommuGroup === null) return 'In no IOMMU group: it cannot be passed through like this';
  if (fn.iommuGroup === undefined) return undefined;
  const others = groupMembers(inventory, fn.iommuGroup).filter(other => other !== fn && !isPassiveMember(other));
  if (others.length === 0) return `IOMMU group ${fn.iommuGroup}, alone in it`;
  const shown = others
    .slice(0, 8)
    .map(other => `${inlineCode(shortAddress(other.address))} ${escapeMarkdown(deviceLabel(other))}`);
  const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : '';
  return `IOMMU group ${fn.iommuGroup}, shared with ${shown.join(', ')}${more}`;
}

function resetFact(fn: PciFunction): string | undefined {
  if (fn.resetMethods && fn.resetMethods.length > 0) return `Reset: ${fn.resetMethods.map(escapeMarkdown).join(', ')}`;
  if (fn.resettable === false) return 'Reset: none, it may not work again after the VM stops';
  return fn.resettable ? 'Reset: yes' : undefined;
}

function sriovFact(fn: PciFunction): string | undefined {
  if (fn.physicalFunction) return `Virtual function of ${inlineCode(fn.physicalFunction)}`;
  return fn.vfTotal ? `SR-IOV: ${fn.vfCount ?? 0} of ${fn.vfTotal} virtual functions` : undefined;
}

function mdevFact(fn: PciFunction): string | undefined {
  const types = fn.mdevTypes?.length ?? 0;
  return types > 0 ? `Mediated device types: ${types}` : undefined;
}

function memoryFact(fn: PciFunction): string | undefined {
  if (!fn.bars || fn.bars.length === 0) return undefined;
  return `Memory windows: ${fn.bars.map(bar => readableBytes(bar.size)).join(', ')}`;
}

function* otherFacts(fn: PciFunction): Generator<string> {
  if (fn.bootVga) yield 'The display that the host started with';
  if (fn.interfaces && fn.interfaces.length > 0) yield `On the host: ${fn.interfaces.map(inlineCode).join(', ')}`;
  if (fn.numaNode !== undefined && fn.numaNode >= 0) yield `NUMA node ${fn.numaNode}`;
}

const driverSuffix = (fn: PciFunction): string => (fn.driver ? ` · ${inlineCode(fn.driver)}` : '');
