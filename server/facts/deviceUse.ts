import { slotMembers } from '../../host/inventory.ts';
import { type PciAddress, parseSlotOrFunction, slotOf } from '../../host/pciAddress.ts';
import { ctConf } from '../languages/ctConf/ctConf.ts';
import type { CtConf } from '../languages/ctConf/tree.ts';
import { containerUses } from '../languages/ctConf/uses.ts';
import type { Claim, SourceFile } from '../languages/language.ts';
import { kindOf, mapEntries, partOf, pathItems } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { configOf, type Entry, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { namedDevices } from '../languages/vmConf/hostPci.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import type { SectionConfig } from '../syntax/sectionConfig.ts';
import { tokenSpan } from '../text/span.ts';
import { FileIndex } from '../workspace/fileIndex.ts';
import { filesOf, inventoryOf, type Snapshot, sameNode, siblingsOf, type World } from '../workspace/world.ts';
import { ctLabel, ctName } from './containerUse.ts';
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
  const bySlot = slotOf(address as PciAddress);
  return [...claimsAt(world, root, address), ...claimsAt(world, root, bySlot).map(own => at(own, address))]
    .filter(own => own.claim.choices === 1 && isSame(node, own.onNode))
    .map(({ claim }) => claim);
}

/**
 * All claims of the guests and mappings that live on the host of a snapshot. Files that the workspace lacks are read from
 * what the host itself sent along.
 */
export function claimsOnHost(world: World, snapshot: Snapshot): readonly HostClaim[] {
  const whole = hostWorld(world, snapshot);
  const files = [...filesOf(whole, vmConf), ...filesOf(whole, ctConf), ...filesOf(whole, pciMapping)];
  return claimsOf(whole, files)
    .filter(own => isOnHost(whole, snapshot, own))
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

const at = (own: OwnClaim, address: string): OwnClaim => ({ ...own, claim: { ...own.claim, address } });

/** Files by site and what they claim: a function, a whole slot, a mapping. */
const index = new FileIndex<World>((file, world) => keysOf(file, world).map(key => `${file.place.root}\n${key}`));
const mappingKey = (id: string): string => `mapping ${id}`;
const anyDevice = 'any device';

function keysOf(file: SourceFile, world: World): readonly string[] {
  if (!isVm(file)) return claimsIn(world, file).map(({ claim }) => claim.address);
  const entries = configOf(file).next.family('hostpci');
  const mappings = entries.flatMap(entry => textOfProperty(entry, 'mapping') ?? []).map(mappingKey);
  const addresses = ofVm(file).map(({ claim }) => claim.address);
  return entries.length === 0 ? [] : [...addresses, ...mappings, anyDevice];
}

/** The VMs of a site with PCI devices, templates included. */
export const vmsWithDevicesIn = (world: World, root: string): readonly SourceFile<VmConf>[] =>
  index.get(world, `${root}\n${anyDevice}`) as readonly SourceFile<VmConf>[];

/** The containers of a node that use a function. */
export const containersUsing = (world: World, file: SourceFile, address: string): readonly SourceFile<CtConf>[] =>
  index
    .get(world, `${file.place.root}\n${address}`)
    .filter(isContainer)
    .filter(other => sameNode(other, file));

/** The claims of a site on just this address: a function's, or a slot's. VMs come first, then containers. */
function claimsAt(world: World, root: string, address: string): readonly OwnClaim[] {
  const own = index.get(world, `${root}\n${address}`);
  const mappings = own
    .filter(isMappings)
    .flatMap(mappedDevices)
    .filter(one => one.address === address);
  const users = mappings.flatMap(one => index.get(world, `${root}\n${mappingKey(one.mapping)}`));
  const files = [...new Set([...own, ...users])];
  return claimsOf(world, users.length === 0 ? files : files.sort((a, b) => (a.uri < b.uri ? -1 : 1))).filter(
    ({ claim }) => claim.address === address,
  );
}

const claimsOf = (world: World, files: readonly SourceFile[]): readonly OwnClaim[] =>
  [files.filter(isVm), files.filter(isContainer), files.filter(isMappings)]
    .flat()
    .flatMap(file => claimsIn(world, file));

const isVm = (file: SourceFile): file is SourceFile<VmConf> => file.place.language === vmConf.id;
const isContainer = (file: SourceFile): file is SourceFile<CtConf> => file.place.language === ctConf.id;
const isMappings = (file: SourceFile): file is SourceFile<SectionConfig> => file.place.language === pciMapping.id;

function claimsIn(world: World, file: SourceFile): readonly OwnClaim[] {
  if (isVm(file)) return [...ofVm(file), ...throughMappings(world, file)];
  if (isContainer(file)) return [...ofContainer(world, file)];
  return isMappings(file) ? [...ofMappings(file)] : [];
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
