import { type Inventory, slotMembers } from '../../host/inventory.ts';
import { type PciAddress, parseSlotOrFunction } from '../../host/pciAddress.ts';
import type { SourceFile } from '../languages/language.ts';
import {
  kindOf,
  type MapEntry,
  type MappingKind,
  mapEntries,
  partOf,
  pathItems,
} from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import { type Entry, property } from '../languages/vmConf/config.ts';
import { hostAddresses } from '../languages/vmConf/machine.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import type { Token } from '../text/span.ts';
import { filesOf, inventoryOf, type World } from '../workspace/world.ts';
import { perNode } from './perNode.ts';

/** One address that an entry names, itself or through its mapping. */
export interface Item {
  /** As written. */
  readonly text: string;
  /** The address in the VM's own line; `undefined` where it comes from a mapping. */
  readonly token: Token | undefined;
  /** `0000:01:00`; `undefined` where the text cannot be an address of Linux. */
  readonly slot: string;
  /** `undefined`: every function of the slot. */
  readonly function: PciAddress | undefined;
}

/** What a `hostpciN` entry can come to; an entry with a mapping may have several choices, of which the first free counts. */
export interface Choice {
  readonly items: readonly Item[];
  /** Every function that is handed over; `undefined` where a slot's functions are not known. */
  readonly functions: readonly PciAddress[] | undefined;
}

/** The choices of an entry; `undefined` where its mapping is not known, or the node that the VM is on. */
export function choicesOf(world: World, file: SourceFile<VmConf>, entry: Entry): readonly Choice[] | undefined {
  const inventory = inventoryOf(world, file);
  const name = property(entry, 'mapping')?.value.text;
  if (name === undefined) return [choiceOf(hostAddresses(entry), inventory, true)];
  const here = nodeMappings(world, file, 'pci')?.get(name)?.here;
  return here?.map(one => choiceOf(pathAddresses(one), inventory, false));
}

/** A mapping as it is for one node. */
export interface NodeMapping {
  readonly id: string;
  readonly uri: string;
  readonly line: number;
  /** The `map` lines for the node, in the order of the file; `undefined` where the node is not known. */
  readonly here: readonly MapEntry[] | undefined;
}

type NodeMappings = ReadonlyMap<string, NodeMapping> | undefined;

const mappingsOfKind = (kind: MappingKind) =>
  perNode<NodeMappings>([pciMapping], (world, file) => collect(world, file, kind));
const mappings: Readonly<Record<MappingKind, (world: World, file: SourceFile) => NodeMappings>> = {
  pci: mappingsOfKind('pci'),
  usb: mappingsOfKind('usb'),
  dir: mappingsOfKind('dir'),
};

/**
 * The mappings of a kind for the node of a file, by id; `undefined` where no file of that kind is around. The same map as
 * long as it is about the same files and hosts.
 */
export const nodeMappings = (world: World, file: SourceFile, kind: MappingKind): NodeMappings =>
  mappings[kind](world, file);

function collect(world: World, file: SourceFile, kind: MappingKind): NodeMappings {
  const node = file.place.node ?? inventoryOf(world, file)?.node;
  const files = filesOf(world, pciMapping).filter(
    other => other.place.root === file.place.root && kindOf(other) === kind,
  );
  if (files.length === 0) return undefined;
  const found = new Map<string, NodeMapping>();
  for (const { tree, uri } of files) {
    for (const section of tree.sections) {
      const entries = [...mapEntries(tree, section)];
      found.set(section.id.text, {
        id: section.id.text,
        uri,
        line: section.header,
        here: node === undefined ? undefined : entries.filter(one => partOf(one, 'node')?.value.text === node),
      });
    }
  }
  return found;
}

/** The addresses that a line of a mapping names. */
export const mappedItems = (entry: MapEntry): readonly Pick<Item, 'slot' | 'function'>[] =>
  pathAddresses(entry).flatMap(({ slot, function: fn }) => (slot === undefined ? [] : [{ slot, function: fn }]));

function pathAddresses(entry: MapEntry) {
  const path = partOf(entry, 'path')?.value;
  return (path ? pathItems(path) : []).map(token => {
    const read = parseSlotOrFunction(token.text);
    return { token, slot: read?.slot, function: read?.function };
  });
}

function choiceOf(
  addresses: readonly { token: Token; slot: string | undefined; function: PciAddress | undefined }[],
  inventory: Inventory | undefined,
  own: boolean,
): Choice {
  const items = addresses.flatMap(({ token, slot, function: fn }) =>
    slot === undefined ? [] : [{ text: token.text, token: own ? token : undefined, slot, function: fn }],
  );
  const lists = items.map(item => (item.function ? [item.function] : functionsOf(item.slot, inventory)));
  return { items, functions: lists.some(list => list === undefined) ? undefined : lists.flatMap(list => list ?? []) };
}

/** What the host has in a slot. */
function functionsOf(slot: string, inventory: Inventory | undefined): readonly PciAddress[] | undefined {
  const members = inventory ? slotMembers(inventory, slot) : [];
  return members.length > 0 ? members.map(({ address }) => address) : undefined;
}
