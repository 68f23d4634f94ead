import {
  deviceLabel,
  type Inventory,
  isPassiveMember,
  type PciFunction,
  slotMembers,
} from '../../../host/inventory.ts';
import { shortAddress, slotOf } from '../../../host/pciAddress.ts';
import { escapeMarkdown, paragraphs } from '../../text/markdown.ts';
import { deviceCard, deviceDetail, needLabel, needsOf, slotCard } from '../../values/deviceCard.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { namedDevices } from './hostPci.ts';
import { functionsOfEntry } from './misfit.ts';
import { suggest } from './suggest.ts';
import { settingsOf, type ValueRequest } from './valueRequest.ts';

/**
 * The devices of the host: each function, and each card with several of them as a whole. Bridges are left out; what is
 * taken or what the host needs itself comes last and says so.
 */
export function hostDevices(request: ValueRequest): readonly Suggestion[] {
  const { inventory } = request.around;
  if (!inventory) return [];
  const here = usedHere(request, inventory);
  const listed = new Set(request.whole.split(';').filter(item => item !== request.target.token.text));
  return [...bySlot(inventory)]
    .flatMap(([slot, functions]) => [
      ...(functions.length > 1 && !functions.some(isVirtual) ? [{ label: slot, functions }] : []),
      ...functions.map(fn => ({ label: fn.address as string, functions: [fn] })),
    ])
    .filter(({ label }) => !listed.has(label) && !listed.has(shortAddress(label)))
    .map(choice => deviceSuggestion(choice, request, inventory, here));
}

/** Types of mediated devices that the function named in the same entry offers. */
export function mdevTypes(request: ValueRequest): readonly Suggestion[] {
  return entryFunctions(request).flatMap(fn =>
    (fn.mdevTypes ?? []).map(type =>
      suggest(request.target, type.id, 'value', {
        rank: type.available === 0 ? 20 : 10,
        detail: type.available === undefined ? type.interface : `${type.available} free`,
        note: type.name ?? '',
        documentation: paragraphs(
          type.name && `**${escapeMarkdown(type.name)}**`,
          type.description && escapeMarkdown(type.description),
          type.available === 0 && 'No instance of this type is left.',
        ),
        filter: `${type.id} ${type.name ?? ''}`,
      }),
    ),
  );
}

/** Files in `/usr/share/kvm`, where `romfile=` looks. */
export const romFiles = ({ around, target }: ValueRequest): readonly Suggestion[] =>
  (around.inventory?.romFiles ?? []).map(rom =>
    suggest(target, rom.name, 'file', {
      detail: rom.validSignature === false ? 'no valid option ROM' : rom.size === undefined ? '' : `${rom.size} bytes`,
      rank: rom.validSignature === false ? 20 : 10,
    }),
  );

/** Ids of the device itself, for the overrides of what the guest sees. */
export function deviceIds(which: keyof PciFunction): (request: ValueRequest) => readonly Suggestion[] {
  return request =>
    entryFunctions(request)
      .slice(0, 1)
      .flatMap(fn => {
        const id = fn[which];
        return typeof id === 'string' ? [suggest(request.target, `0x${id}`, 'value', { detail: 'the real one' })] : [];
      });
}

interface Choice {
  readonly label: string;
  readonly functions: readonly PciFunction[];
}

function deviceSuggestion(
  { label, functions }: Choice,
  request: ValueRequest,
  inventory: Inventory,
  here: ReadonlyMap<string, string>,
): Suggestion {
  const first = functions[0] as PciFunction;
  const claims = claimsOn(functions, request.around);
  const needs = functions.flatMap(fn => needsOf(inventory, fn.address));
  const ownKey = functions.map(fn => here.get(fn.address)).find(key => key !== undefined);
  const marks = [
    ...(ownKey === undefined ? [] : [`already ${ownKey}`]),
    ...claims.map(claim => `used by ${claim}`),
    ...needs.slice(0, 1).map(need => `host: ${needLabel(need)}`),
  ];
  const isWhole = functions.length > 1;
  return suggest(request.target, label, 'device', {
    rank: (needs.length > 0 ? 30 : marks.length > 0 ? 20 : 10) + Math.min(...functions.map(passedSeldom)),
    detail: [isWhole ? 'all functions' : undefined, deviceDetail(first), ...marks].filter(Boolean).join(' · '),
    note: deviceLabel(first),
    filter: [shortAddress(label), label, first.vendorName, ...functions.map(deviceLabel)].filter(Boolean).join(' '),
    documentation: isWhole ? slotCard(functions, inventory, claims) : deviceCard(first, inventory, claims),
  });
}

/** Graphics, disks and network first: what people pass through. Sensors, SMBus and the like come last; 0 to 9. */
function passedSeldom({ classId }: PciFunction): number {
  const prefixes = ['03', '12', '0108', '01', '02', '0c03', '04'];
  const at = prefixes.findIndex(prefix => classId?.startsWith(prefix));
  return at === -1 ? 9 : at;
}

/** Labels of guests that claim any of the functions; mappings are names for a device and claim nothing. */
const claimsOn = (functions: readonly PciFunction[], around: Surroundings): readonly string[] => [
  ...new Set(
    functions.flatMap(fn =>
      around
        .claims(fn.address)
        .filter(claim => claim.by !== 'mapping')
        .map(claim => claim.label),
    ),
  ),
];

/** Functions that other entries of the same configuration name: address → key. */
function usedHere(request: ValueRequest, inventory: Inventory): ReadonlyMap<string, string> {
  const used = new Map<string, string>();
  for (const entry of settingsOf(request).family('hostpci')) {
    if (entry.key === request.slot.key) continue;
    for (const device of namedDevices(entry)) {
      const addresses = device.function ? [device.function] : slotMembers(inventory, device.slot).map(fn => fn.address);
      for (const address of addresses) used.set(address, entry.key);
    }
  }
  return used;
}

const entryFunctions = ({ slot, around }: ValueRequest): readonly PciFunction[] =>
  slot.kind === 'part' ? functionsOfEntry({ slot, around }) : [];

function bySlot(inventory: Inventory): ReadonlyMap<string, readonly PciFunction[]> {
  const slots = new Map<string, PciFunction[]>();
  for (const fn of inventory.functions) {
    if (isPassiveMember(fn)) continue;
    const slot = slotOf(fn.address);
    const members = slots.get(slot);
    if (members) members.push(fn);
    else slots.set(slot, [fn]);
  }
  return slots;
}

const isVirtual = (fn: PciFunction): boolean => fn.physicalFunction !== undefined;
