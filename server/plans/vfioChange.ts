import type { PciFunction } from '../../host/inventory.ts';
import { idsInForce, moduleConfig } from '../facts/moduleLoading.ts';
import { surroundingsOf } from '../facts/surroundings.ts';
import { isReservedForVfio } from '../facts/vfioReserved.ts';
import { grub } from '../languages/grub/grub.ts';
import { kernelCmdline } from '../languages/kernelCmdline/kernelCmdline.ts';
import type { Language, SourceFile } from '../languages/language.ts';
import { modprobe } from '../languages/modprobe/modprobe.ts';
import { canonicalName, type ModprobeTree } from '../languages/modprobe/tree.ts';
import { functionsWithId, hasId, idText, longestIds, parseDeviceId } from '../languages/modprobe/vfioIds.ts';
import { configOf } from '../languages/vmConf/config.ts';
import { listed, named } from '../rules/deviceRule.ts';
import { insertLine } from '../text/edit.ts';
import { changeIn, endOf, noLibrary } from './change.ts';
import { claimant, claimsOf } from './claims.ts';
import { isDisplay, isStorage } from './devices.ts';
import { fileAt, type Ground } from './ground.ts';
import type { Change } from './plan.ts';
import type { Request } from './request.ts';

/** How devices are kept from the host's drivers from the boot on. */
export interface EarlyBinding {
  readonly changes: readonly Change[];
  /** Whether vfio-pci shall be loaded at boot, so that it has to be in a list of modules. */
  readonly modules: 'needed' | 'optional' | 'unneeded';
  /** What cannot be done by ids, in words. */
  readonly notes: readonly string[];
}

const none: EarlyBinding = { changes: [], modules: 'unneeded', notes: [] };

/**
 * The ids for vfio-pci and the softdeps of the drivers that would be faster. Graphics cards need that, because their
 * drivers let go badly; where something hands a card to and fro, a container or a hookscript, and for disk controllers,
 * whose pools and volumes the host opens, it is offered. All other devices Proxmox rebinds when the VM starts.
 */
export function earlyBinding(request: Request): EarlyBinding {
  const { ground, functions, wish } = request;
  if (wish.way !== 'whole' || functions.some(fn => fn.physicalFunction !== undefined)) return none;
  const isGraphics = functions.some(isDisplay);
  if (!isGraphics && !functions.some(isStorage)) return none;
  const target = targetOf(ground);
  const config = moduleConfig(ground.world, target);
  const isBlacklisted = (module: string): boolean =>
    config.blacklist.some(({ name }) => name === module) ||
    config.installs.some(({ name, text }) => name === module && /^\s*(?:\/usr)?\/bin\/(?:false|true)\b/.test(text));
  const isKept = (fn: PciFunction): boolean =>
    isListed(ground, target, fn) || isReservedByAddress(ground, target, fn) || isWithoutDriver(fn, isBlacklisted);
  const handed = handedToAndFro(request);
  const modules = !isGraphics ? 'unneeded' : handed === undefined ? 'needed' : 'optional';
  if (functions.every(isKept)) {
    return { ...none, modules: functions.some(fn => isListed(ground, target, fn)) ? modules : 'unneeded' };
  }
  const shared = functions.flatMap(fn => strangersWithId(ground, fn, functions).map(other => ({ fn, other })));
  if (shared.length > 0) return { ...none, notes: isGraphics ? [sharedId(shared, functions)] : [] };
  const changes = reserve(request, target, isBlacklisted);
  if (changes.length === 0 || modules === 'needed')
    return { ...none, changes, modules: changes.length > 0 ? modules : 'unneeded' };
  const but = isGraphics && handed !== undefined ? ` ${handed}` : '';
  return { ...none, modules, changes: changes.map(change => ({ ...change, why: change.why + but, isOptional: true })) };
}

/** Why the host's driver may be wanted while the VM is off; `undefined` where nothing tells that. */
function handedToAndFro({ ground, functions, guest }: Request): string | undefined {
  const container = functions.flatMap(fn => claimsOf(ground, fn)).find(({ by }) => by === 'container');
  if (container) return `${claimant(container)} needs that driver, though, and has the card no more then.`;
  if (configOf(guest).next.entry('hookscript')) return 'The hookscript of the VM may do this by itself.';
  return undefined;
}

/** The file whose list counts, else the usual one. */
function targetOf(ground: Ground): SourceFile<ModprobeTree> {
  const usual = fileAt(ground, modprobe, '/etc/modprobe.d/vfio.conf');
  const inForce = idsInForce(ground.world, usual);
  const file = inForce && ground.world.files.get(inForce.uri);
  return file?.place.language === modprobe.id ? (file as SourceFile<ModprobeTree>) : usual;
}

const isListed = ({ world }: Ground, target: SourceFile<ModprobeTree>, fn: PciFunction): boolean =>
  idsInForce(world, target)?.entries.some(({ id }) => id && hasId(fn, id)) === true;

/** By a udev rule or driverctl: without ids and driver nothing but the address is left to look for. */
const isReservedByAddress = ({ world }: Ground, target: SourceFile, fn: PciFunction): boolean =>
  isReservedForVfio(world, target, { ...fn, driver: undefined, vendorId: undefined, deviceId: undefined });

function isWithoutDriver(fn: PciFunction, isBlacklisted: (module: string) => boolean): boolean {
  const modules = driversOf(fn);
  return modules.length > 0 && modules.every(isBlacklisted);
}

/** Devices with the same id that are not to be given away: the ids would take them, too. */
function strangersWithId(ground: Ground, fn: PciFunction, functions: readonly PciFunction[]): readonly PciFunction[] {
  const id = parseDeviceId(idText(fn) ?? '');
  return (id ? functionsWithId(ground.inventory, id) : []).filter(
    other =>
      !functions.includes(other) &&
      other.physicalFunction === undefined &&
      !claimsOf(ground, other).some(({ by, mdev }) => by === 'vm' && mdev === undefined),
  );
}

function sharedId(
  shared: readonly { readonly fn: PciFunction; readonly other: PciFunction }[],
  functions: readonly PciFunction[],
): string {
  const ids = [...new Set(shared.map(({ fn }) => idText(fn) ?? ''))];
  const others = [...new Set(shared.map(({ other }) => named(other)))];
  const commands = functions.map(fn => `"driverctl set-override ${fn.address} vfio-pci"`);
  return `${listed(others)} ${others.length > 1 ? 'have' : 'has'} the ${ids.length > 1 ? 'ids' : 'id'} ${listed(ids)} as well, so a list of ids would take ${others.length > 1 ? 'them' : 'it'} from the host. Proxmox binds the device when the VM starts; to keep the host's driver off it from the boot on, bind it by address: "apt install driverctl", then ${listed(commands)}.`;
}

function reserve(
  request: Request,
  target: SourceFile<ModprobeTree>,
  isBlacklisted: (module: string) => boolean,
): readonly Change[] {
  const { ground, functions } = request;
  const ids = [...new Set(functions.filter(fn => !isListed(ground, target, fn)).flatMap(fn => idText(fn) ?? []))];
  if (ids.length === 0 || tooLong(ground, target, ids)) return [];
  const onLine = onCommandLine(ground, target);
  const addresses = functions.map(fn => fn.address);
  const around = surroundingsOf(ground.world, target, noLibrary);
  const listEdits = onLine
    ? (onLine.language.takeDevices?.(onLine.file, { line: 0, column: 0 }, addresses, around) ?? [])
    : (modprobe.takeDevices?.(target, atTheEnd(target), addresses, around) ?? []);
  const softdeps = softdepsFor(ground, target, functions, isBlacklisted);
  const softdepEdits =
    softdeps.length === 0 ? [] : [insertLine(target.lines, endOf(target.lines), softdeps.join('\n'))];
  const what = { label: `Reserve ${listed(ids)} for vfio-pci`, why: whyOf(functions) };
  if (!onLine) return [changeIn(target, { ...what, edits: [...listEdits, ...softdepEdits] })];
  const early = { label: 'Load vfio-pci before the drivers of the device', why: what.why, edits: softdepEdits };
  return [
    changeIn(onLine.file, { ...what, edits: listEdits }),
    ...(softdeps.length > 0 ? [changeIn(target, early)] : []),
  ];
}

const whyOf = (functions: readonly PciFunction[]): string =>
  functions.some(isDisplay)
    ? 'A graphics driver of the host lets go of its card badly, so vfio-pci has to be there first.'
    : 'The host then never opens pools or volumes on the disks behind it.';

const tooLong = ({ world }: Ground, target: SourceFile<ModprobeTree>, ids: readonly string[]): boolean =>
  [idsInForce(world, target)?.text ?? '', ...ids].join(',').length > longestIds;

/** Where the list that counts stands on the kernel command line. */
function onCommandLine(
  ground: Ground,
  target: SourceFile<ModprobeTree>,
): { file: SourceFile; language: Language } | undefined {
  const inForce = idsInForce(ground.world, target);
  if (!inForce || inForce.written) return undefined;
  const file = ground.world.files.get(inForce.uri);
  const language = ([kernelCmdline, grub] as readonly Language[]).find(({ id }) => id === file?.place.language);
  return file && language ? { file, language } : undefined;
}

/** A softdep line for each module that could take a function before vfio-pci is there. */
function softdepsFor(
  { world, inventory }: Ground,
  target: SourceFile<ModprobeTree>,
  functions: readonly PciFunction[],
  isBlacklisted: (module: string) => boolean,
): readonly string[] {
  const { softdeps } = moduleConfig(world, target);
  const modules = new Set(functions.flatMap(driversOf));
  return [...modules]
    .filter(name => !isBlacklisted(name) && !softdeps.some(one => one.name === name))
    .filter(name => inventory.builtinModules?.has(name) !== true && inventory.missingModules?.has(name) !== true)
    .map(name => `softdep ${name} pre: vfio-pci`);
}

/** Modules that drive a function or would: as the host says, else those that usually do. Canonical names. */
function driversOf(fn: PciFunction): readonly string[] {
  const told = [...(fn.modules ?? []), ...(fn.modules === undefined && fn.driver ? [fn.driver] : [])].map(
    canonicalName,
  );
  const known = told.filter(name => name !== 'vfio_pci');
  return known.length > 0 || fn.modules !== undefined ? [...new Set(known)] : usualDrivers(fn);
}

function usualDrivers({ classId, vendorId }: PciFunction): readonly string[] {
  if (classId?.startsWith('0403')) return ['snd_hda_intel'];
  if (!classId?.startsWith('03')) return [];
  return vendorId === undefined ? [] : (graphics[vendorId] ?? []);
}

const graphics: Readonly<Record<string, readonly string[]>> = {
  '10de': ['nouveau'],
  '1002': ['amdgpu', 'radeon'],
  '8086': ['i915', 'xe'],
};

const atTheEnd = ({ lines }: SourceFile) => ({ line: lines.length - 1, column: 0 });
