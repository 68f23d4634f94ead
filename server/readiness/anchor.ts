import { functionAt, type Inventory, type PciFunction, slotMembers } from '../../host/inventory.ts';
import { parsePciAddress, slotOf } from '../../host/pciAddress.ts';
import { claimsOnHost } from '../facts/deviceUse.ts';
import type { SourceFile } from '../languages/language.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { toLines } from '../text/lines.ts';
import type { HostView } from './hostView.ts';
import { isDisplay } from './units.ts';

/**
 * A VM as it should be, which takes a device of a host, or none: so that everything that is known about VMs and their
 * devices can be asked about a device that no VM has yet. It is in no world.
 */
export function anchorFor(view: HostView, address: string | undefined): SourceFile<VmConf> {
  const device = address === undefined ? '' : `hostpci0: ${deviceText(view, address)}\n`;
  const lines = toLines(`bios: ovmf\ncpu: host\n${device}machine: q35\nserial0: socket\n`);
  const node = view.snapshot.inventory.node;
  return {
    uri: `hostpci-subject:/${encodeURIComponent(address ?? 'host')}`,
    place: { language: vmConf.id, root: view.root, path: '/etc/pve/qemu-server/0.conf', node, vmid: undefined },
    lines,
    tree: vmConf.parse(lines),
  };
}

/** A card of which VMs get slices is asked about as such; a graphics card is meant with its sound and USB. */
function deviceText(view: HostView, address: string): string {
  const { inventory } = view.snapshot;
  const parsed = parsePciAddress(address);
  const fn = parsed && functionAt(inventory, parsed);
  if (!fn) return address;
  const claims = claimsOnHost(view.world, view.snapshot).filter(one => one.address === fn.address);
  const mdev = claims.find(one => one.mdev !== undefined)?.mdev;
  if (mdev !== undefined && /^[\w.-]+$/.test(mdev)) return `${fn.address},mdev=${mdev}`;
  return `${isWholeCard(inventory, fn) ? slotOf(fn.address) : fn.address},pcie=1`;
}

function isWholeCard(inventory: Inventory, fn: PciFunction): boolean {
  const members = slotMembers(inventory, slotOf(fn.address));
  return (
    fn.physicalFunction === undefined &&
    members.some(isDisplay) &&
    members.every(one => one.iommuGroup === fn.iommuGroup && one.physicalFunction === undefined)
  );
}
