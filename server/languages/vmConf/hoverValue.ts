import type { Inventory, PciFunction } from '../../../host/inventory.ts';
import { parseSlotOrFunction } from '../../../host/pciAddress.ts';
import { escapeMarkdown, inlineCode, paragraphs, readableBytes } from '../../text/markdown.ts';
import type { Token } from '../../text/span.ts';
import { deviceCard, slotCard } from '../../values/deviceCard.ts';
import { parseVolumeId } from '../../values/volume.ts';
import type { SourceFile, Surroundings } from '../language.ts';
import type { MappingKind } from '../pciMapping/config.ts';
import { describeMapping } from './completeNames.ts';
import { volumeStorages } from './completeVolume.ts';
import { functionsAt } from './hostDevices.ts';
import { mappedAddresses, mappingsAround } from './mappings.ts';
import type { PartSlot, ScalarSlot } from './slot.ts';
import type { VmConf } from './tree.ts';
import { settingsOf, siblingText } from './valueRequest.ts';

/** A value under the cursor: of a list, the item. */
export interface HoveredValue {
  /** `hostpci.host`, `parent`. */
  readonly path: string;
  readonly item: Token;
  readonly slot: PartSlot | ScalarSlot;
  readonly file: SourceFile<VmConf>;
  readonly around: Surroundings;
}

/** What the host, the files around or the file itself tell about a value; `undefined` where they tell nothing. */
export function hoverSpecial(value: HoveredValue): string | undefined {
  const teller = Object.hasOwn(tellers, value.path) ? tellers[value.path] : undefined;
  return teller?.(value) || undefined;
}

type Teller = (value: HoveredValue) => string | undefined;

const mappingTeller =
  (kind: MappingKind): Teller =>
  ({ item, around }) => {
    const found = mappingsAround(around, kind).find(mapping => mapping.id === item.text);
    if (!found) return undefined;
    return paragraphs(describeMapping(found), kind === 'pci' && mappedDevice(item.text, around));
  };

const tellers: Readonly<Record<string, Teller>> = {
  'boot.order': deviceOfVm,
  bootdisk: deviceOfVm,
  'cdrom.file': tellVolume,
  'efidisk.file': tellVolume,
  'hostpci.host': tellAddress,
  'hostpci.mapping': mappingTeller('pci'),
  'hostpci.mdev': tellMdev,
  'ide.file': tellVolume,
  memory: tellMebibytes,
  'memory.current': tellMebibytes,
  'net.bridge': tellBridge,
  'sata.file': tellVolume,
  'scsi.file': tellVolume,
  snaptime: tellTime,
  'meta.ctime': tellTime,
  'tpmstate.file': tellVolume,
  'unused.file': tellVolume,
  'usb.mapping': mappingTeller('usb'),
  'virtio.file': tellVolume,
  'virtiofs.dirid': mappingTeller('dir'),
};

/** The card of the device at an address, or why there is none. */
function tellAddress({ item, around }: HoveredValue): string | undefined {
  const read = parseSlotOrFunction(item.text);
  if (!read) return undefined;
  const { inventory } = around;
  const what = read.function ?? `${read.slot} (all functions)`;
  if (!inventory) return `${inlineCode(what)}: nothing is known of the host, so the device cannot be shown.`;
  const present = functionsAt(inventory, item.text);
  if (present.length === 0) return `${inlineCode(what)} **is not on this host** (${hostName(inventory)}).`;
  return cardOf(present, inventory, around);
}

function mappedDevice(id: string, around: Surroundings): string | undefined {
  const { inventory } = around;
  if (!inventory) return undefined;
  const functions = mappedAddresses(around, id).flatMap(address => functionsAt(inventory, address));
  return functions.length > 0 ? paragraphs('---', cardOf(functions, inventory, around)) : undefined;
}

function cardOf(functions: readonly PciFunction[], inventory: Inventory, around: Surroundings): string {
  const claims = [...new Set(functions.flatMap(fn => around.claims(fn.address).map(claim => claim.label)))];
  const first = functions[0] as PciFunction;
  return functions.length === 1 ? deviceCard(first, inventory, claims) : slotCard(functions, inventory, claims);
}

const hostName = (inventory: Inventory): string =>
  [inventory.node && escapeMarkdown(inventory.node), inventory.takenAt && `as of ${escapeMarkdown(inventory.takenAt)}`]
    .filter(Boolean)
    .join(', ') || 'as last seen';

function tellMdev({ item, slot, around }: HoveredValue): string | undefined {
  const { inventory } = around;
  const mapping = siblingText({ slot }, 'mapping');
  const address = siblingText({ slot }, 'host') ?? (mapping ? mappedAddresses(around, mapping)[0] : undefined);
  if (!inventory || address === undefined) return undefined;
  const type = functionsAt(inventory, address)[0]?.mdevTypes?.find(one => one.id === item.text);
  if (!type) return undefined;
  return paragraphs(
    `**${escapeMarkdown(type.name ?? type.id)}**`,
    type.description && escapeMarkdown(type.description),
    type.available !== undefined && `${type.available} more can be created now.`,
  );
}

/** The storage of a volume with what is known of it. */
function tellVolume({ item, around }: HoveredValue): string | undefined {
  const volume = parseVolumeId(item.text);
  if (!volume) return undefined;
  const storages = volumeStorages(around, undefined);
  const storage = storages.find(one => one.id === volume.storage);
  const exists = storage?.volumes.includes(item.text);
  return paragraphs(
    `**${inlineCode(volume.name)}** on storage **${escapeMarkdown(volume.storage)}**`,
    storage
      ? storage.detail && escapeMarkdown(storage.detail)
      : storages.length > 0 && 'No such storage is known here.',
    exists === false && storage && storage.volumes.length > 0 && 'The host lists no such volume.',
  );
}

function deviceOfVm({ item, slot, file }: HoveredValue): string | undefined {
  const entry = settingsOf({ tree: file.tree, slot }).entry(item.text);
  if (!entry) return `${inlineCode(item.text)} is not a device of this VM; the entry is ignored at start.`;
  return `\`\`\`pve-vm-conf\n${file.lines[entry.line]?.trimEnd() ?? ''}\n\`\`\``;
}

function tellBridge({ item, around }: HoveredValue): string | undefined {
  const bridges = around.inventory?.bridges;
  const bridge = bridges?.find(one => one.name === item.text);
  if (!bridges) return undefined;
  if (!bridge) return `The host has no bridge ${inlineCode(item.text)}; it may be a network of SDN.`;
  const ports = bridge.ports.map(inlineCode).join(', ');
  return `Bridge ${inlineCode(bridge.name)}${ports === '' ? ' without ports' : ` with ${ports}`}`;
}

function tellMebibytes({ item, around }: HoveredValue): string | undefined {
  if (!/^[0-9]{1,12}$/.test(item.text)) return undefined;
  const size = readableBytes(Number(item.text) * 1024 ** 2);
  const host = around.inventory?.memoryKiB;
  return host === undefined ? `${size} of memory` : `${size} of memory; the host has ${readableBytes(host * 1024)}`;
}

function tellTime({ item }: HoveredValue): string | undefined {
  if (!/^[0-9]{1,11}$/.test(item.text)) return undefined;
  return `${new Date(Number(item.text) * 1000).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}
