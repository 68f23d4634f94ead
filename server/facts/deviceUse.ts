import { slotMembers } from '../../host/inventory.ts';
import { type PciAddress, parseSlotOrFunction, slotOf } from '../../host/pciAddress.ts';
import type { Claim, SourceFile } from '../languages/language.ts';
import { kindOf, mapEntries, partOf, pathItems } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { configOf, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { namedDevices } from '../languages/vmConf/hostPci.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import type { SectionConfig } from '../syntax/sectionConfig.ts';
import { tokenSpan } from '../text/span.ts';
import { filesOf, inventoryOf, type Snapshot, siblingsOf, type World } from '../workspace/world.ts';

/** Who claims a PCI function (`0000:01:00.0`) among the guests of the file's node and the mappings of its cluster. */
export function claimsOn(world: World, file: SourceFile, address: string): readonly Claim[] {
  const { root, node } = file.place;
  return claimsAt(world, address)
    .filter(({ place, onNode }) => place.root === root && isSame(node, onNode))
    .map(({ claim }) => claim);
}

/** Who claims a PCI function among the guests and mappings that live on the host of a snapshot. */
export function claimsOnHost(world: World, snapshot: Snapshot, address: string): readonly Claim[] {
  const { node } = snapshot.inventory;
  return claimsAt(world, address)
    .filter(({ place, onNode }) => (snapshot.root ?? place.root) === place.root && isSame(node, onNode))
    .map(({ claim }) => claim);
}

/** Nodes that are not said could be the same. */
const isSame = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

/** One claim as one file makes it; the address is a function's, or a slot's for "all functions". */
interface OwnClaim {
  readonly claim: Claim;
  readonly place: SourceFile['place'];
  /** The node that it is about; `undefined` where the path does not say it. */
  readonly onNode: string | undefined;
}

function claimsAt(world: World, address: string): readonly OwnClaim[] {
  const index = indexOf(world);
  const ofFunction = index.get(address) ?? [];
  const ofSlot = index.get(slotOf(address as PciAddress)) ?? [];
  return ofSlot.length === 0 ? ofFunction : [...ofFunction, ...ofSlot].map(own => at(own, address));
}

const at = (own: OwnClaim, address: string): OwnClaim => ({ ...own, claim: { ...own.claim, address } });

const indexes = new WeakMap<World, ReadonlyMap<string, readonly OwnClaim[]>>();

/** All claims of a world by address; what a file claims is worked out once per version of the file. */
function indexOf(world: World): ReadonlyMap<string, readonly OwnClaim[]> {
  let index = indexes.get(world);
  if (!index) {
    const fresh = new Map<string, OwnClaim[]>();
    for (const own of allClaims(world)) {
      const list = fresh.get(own.claim.address);
      if (list) list.push(own);
      else fresh.set(own.claim.address, [own]);
    }
    index = fresh;
    indexes.set(world, index);
  }
  return index;
}

function* allClaims(world: World): Generator<OwnClaim> {
  for (const file of filesOf(world, vmConf)) {
    yield* ofVm(file);
    yield* throughMappings(world, file);
  }
  for (const file of filesOf(world, pciMapping)) yield* ofMappings(file);
}

const vmClaims = new WeakMap<VmConf, readonly OwnClaim[]>();

function ofVm(file: SourceFile<VmConf>): readonly OwnClaim[] {
  let claims = vmClaims.get(file.tree);
  if (!claims) {
    claims = configOf(file)
      .next.family('hostpci')
      .flatMap(entry =>
        namedDevices(entry).map(({ token, slot, function: fn }) => ({
          claim: {
            address: fn ?? slot,
            by: 'vm' as const,
            label: vmLabel(file),
            uri: file.uri,
            span: tokenSpan(entry.line, token),
          },
          place: file.place,
          onNode: file.place.node,
        })),
      );
    vmClaims.set(file.tree, claims);
  }
  return claims;
}

/** `VM 101 (media)`. */
export function vmLabel(file: SourceFile<VmConf>): string {
  const name = stored(configOf(file).main, 'name');
  const id = file.place.vmid === undefined ? 'a VM' : `VM ${file.place.vmid}`;
  return name === undefined ? id : `${id} (${name})`;
}

/** A mapping with one entry for the node means that device; with several it is not known which one a VM gets. */
function* throughMappings(world: World, file: SourceFile<VmConf>): Generator<OwnClaim> {
  for (const entry of configOf(file).next.family('hostpci')) {
    const name = textOfProperty(entry, 'mapping');
    if (name === undefined) continue;
    const alternatives = siblingsOf(world, file, pciMapping).flatMap(mapping =>
      mappedDevices(mapping).filter(
        one => one.mapping === name && (file.place.node === undefined || one.node === file.place.node),
      ),
    );
    const lines = new Set(alternatives.map(one => one.line));
    if (lines.size !== 1) continue;
    for (const { address } of alternatives) {
      const span = tokenSpan(entry.line, entry.value);
      yield {
        claim: { address, by: 'vm', label: `${vmLabel(file)} through mapping ${name}`, uri: file.uri, span },
        place: file.place,
        onNode: file.place.node,
      };
    }
  }
}

function* ofMappings(file: SourceFile<SectionConfig>): Generator<OwnClaim> {
  for (const { mapping, node, address, claim } of mappedDevices(file)) {
    yield {
      claim: { address, by: 'mapping', label: `mapping ${mapping}`, uri: file.uri, span: claim },
      place: file.place,
      onNode: node,
    };
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
