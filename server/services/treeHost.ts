import {
  deviceLabel,
  functionAt,
  type GuestState,
  type HostNeed,
  type Inventory,
  isPassiveMember,
  type PciFunction,
  slotMembers,
} from '../../host/inventory.ts';
import { type PciAddress, shortAddress, slotOf } from '../../host/pciAddress.ts';
import { claimsOnHost, type HostClaim } from '../facts/deviceUse.ts';
import { needLabel } from '../values/deviceCard.ts';
import type { Snapshot, World } from '../workspace/world.ts';

/** How a device stands, in the order of what a person must know first. */
export type DeviceState =
  | 'bridge'
  | 'host-needs'
  | 'in-use'
  | 'no-iommu'
  | 'group-needed'
  | 'shared-group'
  | 'ready'
  | 'host-driver'
  | 'unknown';

/** One guest that has a device, or will have it at its next start. */
export interface Use {
  readonly by: 'vm' | 'container';
  /** VMID or CTID. */
  readonly guest: number | undefined;
  /** `VM 101`, with a name `VM 101 (media)`. */
  readonly short: string;
  readonly label: string;
  /** The claim in a file; `undefined` where only the host says that the guest runs with the device. */
  readonly claim: HostClaim | undefined;
  /** The host says that the guest holds it right now. */
  readonly isHeld: boolean;
}

/** What the tree asks about one host; everything is worked out once. */
export class HostView {
  readonly inventory: Inventory;
  readonly claims: readonly HostClaim[];
  /** Functions without bridges. */
  readonly deviceCount: number;
  private readonly usesAt = new Map<string, Use[]>();
  private readonly mappingsAt = new Map<string, Set<string>>();
  private readonly needs = new Map<string, HostNeed[]>();
  private readonly groups = new Map<number, PciFunction[]>();

  constructor(
    readonly snapshot: Snapshot,
    world: World,
  ) {
    this.inventory = snapshot.inventory;
    this.claims = claimsOnHost(world, snapshot);
    this.deviceCount = this.inventory.functions.filter(fn => !isPassiveMember(fn)).length;
    for (const fn of this.inventory.functions)
      if (typeof fn.iommuGroup === 'number') put(this.groups, fn.iommuGroup, fn);
    for (const need of this.inventory.hostNeeds) put(this.needs, need.address, need);
    for (const claim of this.claims) this.file(claim);
    for (const { address, vmid } of this.inventory.reservations ?? []) this.hold(address, vmid);
  }

  usesOf(fn: PciFunction): readonly Use[] {
    return this.usesAt.get(fn.address) ?? [];
  }

  /** Names of the mappings that have the function. */
  mappingsOf(fn: PciFunction): readonly string[] {
    return [...(this.mappingsAt.get(fn.address) ?? [])];
  }

  needsOf(fn: PciFunction): readonly HostNeed[] {
    return this.needs.get(fn.address) ?? [];
  }

  groupOf(number: number): readonly PciFunction[] {
    return this.groups.get(number) ?? [];
  }

  /**
   * Members of the same group that passthrough would take along: bridges are left alone, and the functions of one card
   * belong together. On bus 00 sit the parts of the chipset, of which a slot holds several that have nothing in common.
   */
  strangersOf(fn: PciFunction): readonly PciFunction[] {
    if (typeof fn.iommuGroup !== 'number') return [];
    const slot = slotOf(fn.address);
    const isCard = !/:00:[01][0-9a-f]$/.test(slot);
    return this.groupOf(fn.iommuGroup).filter(
      other => other !== fn && !isPassiveMember(other) && !(isCard && slotOf(other.address) === slot),
    );
  }

  /** All others of the group, bridges left out. */
  companyOf(fn: PciFunction): readonly PciFunction[] {
    if (typeof fn.iommuGroup !== 'number') return [];
    return this.groupOf(fn.iommuGroup).filter(other => other !== fn && !isPassiveMember(other));
  }

  stateOf(fn: PciFunction): DeviceState {
    if (isPassiveMember(fn)) return 'bridge';
    if (this.needsOf(fn).length > 0) return 'host-needs';
    if (this.usesOf(fn).length > 0) return 'in-use';
    if (fn.iommuGroup === null) return 'no-iommu';
    if (this.companyOf(fn).some(other => this.needsOf(other).length > 0)) return 'group-needed';
    if (this.strangersOf(fn).length > 0) return 'shared-group';
    if (fn.driver === undefined) return 'unknown';
    return fn.driver === 'vfio-pci' || fn.driver === null ? 'ready' : 'host-driver';
  }

  /** The functions that a claim means on this host; none where it has no such device. */
  functionsOf({ address }: HostClaim): readonly PciFunction[] {
    if (!address.includes('.')) return slotMembers(this.inventory, address);
    const fn = functionAt(this.inventory, address as PciAddress);
    return fn ? [fn] : [];
  }

  /** What guests claim and the host does not have. */
  missing(): readonly Use[] {
    return this.claims
      .filter(claim => claim.by !== 'mapping' && this.functionsOf(claim).length === 0)
      .map(claim => useOf(claim));
  }

  guest(kind: GuestState['kind'], vmid: number | undefined): GuestState | undefined {
    return this.inventory.guests?.find(one => one.kind === kind && one.vmid === vmid);
  }

  /**
   * Why a guest gets a device only at the cost of the host, in a sentence: its disks or its network hang on the device or on
   * another one of the group. A console or a keyboard is often given away on purpose.
   */
  alarmOf(fn: PciFunction): string | undefined {
    const taker = this.usesOf(fn).find(
      ({ by, claim }) => by === 'vm' && claim?.choices === 1 && claim.mdev === undefined,
    );
    if (!taker) return undefined;
    for (const other of [fn, ...this.companyOf(fn)]) {
      const need = this.needsOf(other).find(({ kind }) => kind !== 'console' && kind !== 'usb-input');
      if (!need) continue;
      const where = other === fn ? name(fn) : `${name(other)}, in one group with ${name(fn)}`;
      return `${taker.label} takes the ${needLabel(need)}: ${where}.`;
    }
    return undefined;
  }

  private file(claim: HostClaim): void {
    for (const { address } of this.functionsOf(claim)) {
      if (claim.by === 'mapping') {
        this.mappingsAt.set(address, (this.mappingsAt.get(address) ?? new Set()).add(claim.mapping ?? ''));
        continue;
      }
      const known = this.usesAt.get(address) ?? [];
      const isKnown = known.some(({ claim: other }) => other?.uri === claim.uri && other.key === claim.key);
      if (!isKnown) put(this.usesAt, address, useOf(claim));
    }
  }

  private hold(address: PciAddress, vmid: number): void {
    const uses = this.usesAt.get(address) ?? [];
    const index = uses.findIndex(use => use.by === 'vm' && use.guest === vmid);
    const known = uses[index];
    if (known) uses[index] = { ...known, isHeld: true };
    else {
      const label = `VM ${vmid}`;
      put(this.usesAt, address, { by: 'vm', guest: vmid, short: label, label, claim: undefined, isHeld: true });
    }
  }
}

function useOf(claim: HostClaim): Use {
  const kind = claim.by === 'container' ? 'CT' : 'VM';
  const short = claim.guest === undefined ? claim.label : `${kind} ${claim.guest}`;
  const label = claim.guestName === undefined ? short : `${short} (${claim.guestName})`;
  const by = claim.by === 'container' ? 'container' : 'vm';
  return { by, guest: claim.guest, short, label, claim, isHeld: false };
}

function put<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

const name = (fn: PciFunction): string => `${shortAddress(fn.address)} ${deviceLabel(fn)}`;
