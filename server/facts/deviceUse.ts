import { slotMembers } from '../../host/inventory.ts';
import { type PciAddress, parseSlotOrFunction, slotOf } from '../../host/pciAddress.ts';
import { ctConf } from '../languages/ctConf/ctConf.ts';
import type { CtConf } from '../languages/ctConf/tree.ts';
import type { Claim, SourceFile } from '../languages/language.ts';
import { kindOf, mapEntries, partOf, pathItems } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { configOf, type Entry, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { namedDevices } from '../languages/vmConf/hostPci.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import type { SectionConfig } from '../syntax/sectionConfig.ts';
import { tokenSpan } from '../text/span.ts';
import { filesOf, inventoryOf, type Snapshot, siblingsOf, type World } from '../workspace/world.ts';
import { containerUses, ctLabel, ctName } from './containerUse.ts';
import { hostWorld } from './hostWorld.ts';

/** A claim with what a list of them shows. The address is a function's, or a slot's (`0000:01:00`) for all of it. */
export interface HostClaim extends Claim {
  /** `hostpci0`, `dev1`, `lxc.mount.entry`; `map` for a mapping's own line. */
  readonly key: string;
  /** VMID or CTID, where the path says it. */
  readonly guest?: number;
  readonly guestName?: string;
  /** The mapping that is meant or that makes the claim. */
  readonly mapping?: string;
  /** The guest gets a mediated device of this type; the function stays on the host. */
  readonly mdev?: string;
  /** Of how many devices the guest gets one: 1 where it is known to be this one. */
  readonly choices: number;
}

/**
 * Which VMs and mappings claim a PCI function (`0000:01:00.0`) among those of the file's node and cluster. Containers are
 * left out: they use what the host's driver offers and take nothing away from it.
 */
export const claimsOn = (world: World, file: SourceFile, address: string): readonly Claim[] =>
  usersOf(world, file, address).filter(({ by }) => by !== 'container');

/** The same with containers. */
export function usersOf(world: World, file: SourceFile, address: string): readonly Claim[] {
  const { root, node } = file.place;
  return claimsAt(world, address)
    .filter(own => own.claim.choices === 1 && own.file.place.root === root && isSame(node, own.onNode))
    .map(({ claim }) => claim);
}

/**
 * All claims of the guests and mappings that live on the host of a snapshot. Files that the workspace lacks are read from
 * what the host itself sent along.
 */
export function claimsOnHost(world: World, snapshot: Snapshot): readonly HostClaim[] {
  const whole = hostWorld(world, snapshot);
  return indexOf(whole)
    .all.filter(own => isOnHost(whole, snapshot, own))
    .map(({ claim }) => claim);
}

function isOnHost(world: World, { root, inventory }: Snapshot, { file, onNode }: OwnClaim): boolean {
  if (root !== undefined && root !== file.place.root) return false;
  if (onNode !== undefined && inventory.node !== undefined) return onNode === inventory.node;
  return root !== undefined || inventoryOf(world, file) === inventory;
}

/** Nodes that are not said could be the same. */
const isSame = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

/** One claim as one file makes it. */
interface OwnClaim {
  readonly claim: HostClaim;
  readonly file: SourceFile;
  /** The node that it is about; `undefined` where the path does not say it. */
  readonly onNode: string | undefined;
}

function claimsAt(world: World, address: string): readonly OwnClaim[] {
  const { byAddress } = indexOf(world);
  const ofFunction = byAddress.get(address) ?? [];
  const ofSlot = byAddress.get(slotOf(address as PciAddress)) ?? [];
  return ofSlot.length === 0 ? ofFunction : [...ofFunction, ...ofSlot].map(own => at(own, address));
}

const at = (own: OwnClaim, address: string): OwnClaim => ({ ...own, claim: { ...own.claim, address } });

interface ClaimIndex {
  readonly all: readonly OwnClaim[];
  readonly byAddress: ReadonlyMap<string, readonly OwnClaim[]>;
}

const indexes = new WeakMap<World, ClaimIndex>();

/** All claims of a world by address; what a file claims is worked out once per version of the file. */
function indexOf(world: World): ClaimIndex {
  let index = indexes.get(world);
  if (!index) {
    const all = [...allClaims(world)];
    const byAddress = new Map<string, OwnClaim[]>();
    for (const own of all) {
      const list = byAddress.get(own.claim.address);
      if (list) list.push(own);
      else byAddress.set(own.claim.address, [own]);
    }
    index = { all, byAddress };
    indexes.set(world, index);
  }
  return index;
}

function* allClaims(world: World): Generator<OwnClaim> {
  for (const file of filesOf(world, vmConf)) {
    yield* ofVm(file);
    yield* throughMappings(world, file);
  }
  for (const file of filesOf(world, ctConf)) yield* ofContainer(world, file);
  for (const file of filesOf(world, pciMapping)) yield* ofMappings(file);
}

const vmClaims = new WeakMap<VmConf, readonly OwnClaim[]>();

function ofVm(file: SourceFile<VmConf>): readonly OwnClaim[] {
  let claims = vmClaims.get(file.tree);
  if (!claims) {
    claims = configOf(file)
      .next.family('hostpci')
      .flatMap(entry =>
        namedDevices(entry).map(({ token, slot, function: fn }) => {
          const claim = vmClaim(file, entry, vmLabel(file), fn ?? slot);
          return { claim: { ...claim, span: tokenSpan(entry.line, token) }, file, onNode: file.place.node };
        }),
      );
    vmClaims.set(file.tree, claims);
  }
  return claims;
}

function vmClaim(file: SourceFile<VmConf>, entry: Entry, label: string, address: string): HostClaim {
  const mdev = textOfProperty(entry, 'mdev');
  return {
    address,
    by: 'vm',
    label,
    uri: file.uri,
    span: tokenSpan(entry.line, entry.value),
    key: entry.key,
    choices: 1,
    ...guestOf(file, stored(configOf(file).main, 'name')),
    ...(mdev === undefined ? {} : { mdev }),
  };
}

const guestOf = ({ place }: SourceFile, name: string | undefined): Pick<HostClaim, 'guest' | 'guestName'> => ({
  ...(place.vmid === undefined ? {} : { guest: place.vmid }),
  ...(name === undefined ? {} : { guestName: name }),
});

/** `VM 101 (media)`. */
export function vmLabel(file: SourceFile<VmConf>): string {
  const name = stored(configOf(file).main, 'name');
  const id = file.place.vmid === undefined ? 'a VM' : `VM ${file.place.vmid}`;
  return name === undefined ? id : `${id} (${name})`;
}

/** A mapping with one entry for the node means that device; with several it is not known which one a VM gets. */
function* throughMappings(world: World, file: SourceFile<VmConf>): Generator<OwnClaim> {
  for (const entry of configOf(file).next.family('hostpci')) {
    const mapping = textOfProperty(entry, 'mapping');
    if (mapping === undefined) continue;
    const alternatives = siblingsOf(world, file, pciMapping).flatMap(one =>
      mappedDevices(one).filter(
        device => device.mapping === mapping && (file.place.node === undefined || device.node === file.place.node),
      ),
    );
    const choices = new Set(alternatives.map(one => one.line)).size;
    for (const { address } of alternatives) {
      const claim = vmClaim(file, entry, `${vmLabel(file)} through mapping ${mapping}`, address);
      yield { claim: { ...claim, mapping, choices }, file, onNode: file.place.node };
    }
  }
}

/** What a container uses is known only where its host is. */
function* ofContainer(world: World, file: SourceFile<CtConf>): Generator<OwnClaim> {
  const inventory = inventoryOf(world, file);
  if (!inventory) return;
  for (const { address, entry } of containerUses(file, inventory)) {
    const claim: HostClaim = {
      address,
      by: 'container',
      label: ctLabel(file),
      uri: file.uri,
      span: tokenSpan(entry.line, entry.value),
      key: entry.key.text,
      choices: 1,
      ...guestOf(file, ctName(file)),
    };
    yield { claim, file, onNode: file.place.node };
  }
}

function* ofMappings(file: SourceFile<SectionConfig>): Generator<OwnClaim> {
  for (const { mapping, node, address, claim: span } of mappedDevices(file)) {
    const label = `mapping ${mapping}`;
    const claim: HostClaim = { address, by: 'mapping', label, uri: file.uri, span, key: 'map', mapping, choices: 1 };
    yield { claim, file, onNode: node };
  }
}

interface MappedDevice {
  readonly mapping: string;
  readonly node: string | undefined;
  readonly address: string;
  readonly line: number;
  readonly claim: Claim['span'];
}

const mapped = new WeakMap<SectionConfig, readonly MappedDevice[]>();

function mappedDevices(file: SourceFile<SectionConfig>): readonly MappedDevice[] {
  let devices = mapped.get(file.tree);
  if (!devices) {
    devices = kindOf(file) === 'pci' ? readMappedDevices(file.tree) : [];
    mapped.set(file.tree, devices);
  }
  return devices;
}

const readMappedDevices = (tree: SectionConfig): readonly MappedDevice[] =>
  tree.sections.flatMap(section =>
    [...mapEntries(tree, section)].flatMap(entry => {
      const path = partOf(entry, 'path')?.value;
      return (path ? pathItems(path) : []).flatMap(token => {
        const read = parseSlotOrFunction(token.text);
        if (!read) return [];
        const node = partOf(entry, 'node')?.value.text;
        const claim = tokenSpan(entry.line, token);
        return [{ mapping: section.id.text, node, address: read.function ?? read.slot, line: entry.line, claim }];
      });
    }),
  );

/** The functions that an address stands for on the file's host; a slot means all that are there. */
export function functionsOf(
  world: World,
  file: SourceFile,
  slot: string,
  fn: PciAddress | undefined,
): readonly string[] {
  if (fn !== undefined) return [fn];
  const inventory = inventoryOf(world, file);
  return inventory ? slotMembers(inventory, slot).map(member => member.address) : [];
}
