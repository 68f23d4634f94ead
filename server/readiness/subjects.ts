import { deviceLabel, type Inventory, isPassiveMember, type PciFunction } from '../../host/inventory.ts';
import { shortAddress } from '../../host/pciAddress.ts';
import { vmLabel } from '../facts/deviceUse.ts';
import { hostWorld } from '../facts/hostWorld.ts';
import type { SourceFile } from '../languages/language.ts';
import { configOf } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { deviceDetail } from '../values/deviceCard.ts';
import { filesOf, type Snapshot, type World } from '../workspace/world.ts';
import type { Subject } from './readiness.ts';

/** One thing whose readiness can be asked for. */
export interface Choice {
  readonly subject: Subject;
  readonly label: string;
  readonly description: string;
}

/** VMs that take devices first, those of which only a host sent a copy too; then devices; then hosts. */
export function subjectsOf(world: World): readonly Choice[] {
  const hosts = [...world.snapshots].sort((a, b) => (nodeOf(a) < nodeOf(b) ? -1 : 1));
  return [
    ...guestsOf(world).map(guestChoice),
    ...hosts.flatMap(host => devicesOf(host.inventory).map(fn => deviceChoice(host, fn))),
    ...hosts.map(hostChoice),
  ];
}

/** VMs with a `hostpciN` line, by VMID. */
export const guestsOf = (world: World): readonly SourceFile<VmConf>[] => vmsOf(world).filter(takesDevices);

/** All VMs by VMID: those of the workspace, and those of which only a host sent a copy. */
export function vmsOf(world: World): readonly SourceFile<VmConf>[] {
  const files = new Map<string, SourceFile<VmConf>>();
  for (const inWorld of [world, ...world.snapshots.map(snapshot => hostWorld(world, snapshot))])
    for (const file of filesOf(inWorld, vmConf)) files.set(file.uri, file);
  return [...files.values()].sort((a, b) => (a.place.vmid ?? 0) - (b.place.vmid ?? 0));
}

const takesDevices = (file: SourceFile<VmConf>): boolean => configOf(file).next.family('hostpci').length > 0;

/** What could be passed on: no bridges. */
const devicesOf = ({ functions }: Inventory): readonly PciFunction[] => functions.filter(fn => !isPassiveMember(fn));

function guestChoice(file: SourceFile<VmConf>): Choice {
  const keys = configOf(file)
    .next.family('hostpci')
    .map(({ key }) => key);
  return {
    subject: { kind: 'guest', uri: file.uri },
    label: vmLabel(file),
    description: [file.place.node, keys.join(', ')].filter(Boolean).join(' · '),
  };
}

const deviceChoice = (host: Snapshot, fn: PciFunction): Choice => ({
  subject: { kind: 'device', host: host.uri, address: fn.address },
  label: `${shortAddress(fn.address)} ${deviceLabel(fn)}`,
  description: [nodeOf(host), deviceDetail(fn)].filter(Boolean).join(' · '),
});

const hostChoice = (host: Snapshot): Choice => ({
  subject: { kind: 'host', host: host.uri },
  label: nodeOf(host) === '' ? 'A host' : `Host ${nodeOf(host)}`,
  description: [host.inventory.kernel.release, `${host.inventory.functions.length} PCI functions`]
    .filter(Boolean)
    .join(' · '),
});

const nodeOf = ({ inventory }: Snapshot): string => inventory.node ?? '';
