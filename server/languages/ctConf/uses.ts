import type { DeviceNode, Inventory } from '../../../host/inventory.ts';
import { type PciAddress, parsePciAddress } from '../../../host/pciAddress.ts';
import type { SourceFile } from '../language.ts';
import { type CtEntry, entriesOf, mainSection, rawEntriesOf } from './config.ts';
import { nodeUses, parseDeviceRule } from './devices.ts';
import { nodeNumbers } from './nodeNumbers.ts';
import type { CtConf, CtSection } from './tree.ts';

/** One function of the host that a container gets to see, and the line that says so. */
export interface ContainerUse {
  readonly address: PciAddress;
  readonly entry: CtEntry;
}

/**
 * The functions behind the device nodes that a container starts with: by `devN`, by `lxc.mount.entry`, and by a rule of
 * `lxc.cgroup2.devices.allow` that names one node. Each function once; a line that brings the node counts before a rule
 * that only permits it. Snapshots are history.
 */
export function containerUses(file: SourceFile<CtConf>, inventory: Inventory): readonly ContainerUse[] {
  const nodes = inventory.deviceNodes ?? [];
  const found = new Map<PciAddress, CtEntry>();
  for (const section of file.tree.sections) {
    if (section.kind === 'snapshot') continue;
    for (const { entry, path } of nodeUses(file.tree, section)) {
      if (isDropped(file.tree, section, entry)) continue;
      for (const address of behind(path.text, nodes)) if (!found.has(address)) found.set(address, entry);
    }
  }
  for (const entry of rawEntriesOf(file.tree, mainSection(file.tree))) {
    const address = permitted(entry, nodes);
    if (address && !found.has(address)) found.set(address, entry);
  }
  return [...found].map(([address, entry]) => ({ address, entry }));
}

/** A line of the main section that a pending change replaces or takes out. */
function isDropped(tree: CtConf, section: CtSection, entry: CtEntry): boolean {
  const pending = section.kind === 'main' ? tree.sections.find(({ kind }) => kind === 'pending') : undefined;
  if (!pending) return false;
  const key = entry.key.text;
  if ([...entriesOf(tree, pending)].some(other => other.key.text === key)) return true;
  const deleted = tree.nodes.slice(pending.from, pending.to).filter(({ kind }) => kind === 'delete');
  return deleted.some(({ value }) => value.text.split(/[,; ]+/).includes(key));
}

/** A node's own path, a directory with nodes in it, or one of udev's names that carry the address. */
function behind(path: string, nodes: readonly DeviceNode[]): readonly PciAddress[] {
  const byPath = /^\/dev\/dri\/by-path\/pci-([0-9a-f:.]+)-(?:card|render)$/.exec(path)?.[1];
  const named = byPath === undefined ? undefined : parsePciAddress(byPath);
  if (named) return [named];
  return nodes.flatMap(node => (node.path === path || node.path.startsWith(`${path}/`) ? (node.address ?? []) : []));
}

function permitted({ key, value }: CtEntry, nodes: readonly DeviceNode[]): PciAddress | undefined {
  const rule = key.text === 'lxc.cgroup2.devices.allow' ? parseDeviceRule(value.text) : undefined;
  if (rule?.type !== 'c' || rule.major === undefined || rule.minor === undefined) return undefined;
  const { major, minor } = rule;
  return nodes.find(({ path }) => {
    const numbers = nodeNumbers(path);
    return numbers !== undefined && numbers.major === major && numbers.minor === minor;
  })?.address;
}
