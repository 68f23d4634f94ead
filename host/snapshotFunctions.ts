import { type PciFunction, unknownFunction } from './inventory.ts';
import { compareAddresses, parsePciAddress } from './pciAddress.ts';
import type { Section, SnapshotRecord } from './snapshotText.ts';
import {
  address,
  bar,
  type Draft,
  type Fields,
  flag,
  hex,
  integer,
  lines,
  list,
  mdevType,
  type Named,
  named,
  orNone,
  readFields,
  text,
  word,
  writeFields,
} from './snapshotValues.ts';

type Facts = Omit<PciFunction, 'address'>;
type Identity = 'classId' | 'className' | 'vendorId' | 'vendorName' | 'deviceId' | 'deviceName';
type Subsystem = 'subsystemVendorId' | 'subsystemDeviceId' | 'subsystemName';

/** A function as its record shows it: ids and the names they have stand on one line. */
interface Shown extends Omit<Facts, Identity | Subsystem> {
  readonly class: Named | undefined;
  readonly vendor: Named | undefined;
  readonly device: Named | undefined;
  readonly subsystem: Named | undefined;
}

const fields: Fields<Shown> = {
  class: ['class', named(1)],
  vendor: ['vendor', named(1)],
  device: ['device', named(1)],
  subsystem: ['subsystem', named(2)],
  revision: ['revision', hex(2)],
  driver: ['driver', orNone(word)],
  modules: ['modules', list(word)],
  iommuGroup: ['group', orNone(integer)],
  resettable: ['reset', flag],
  resetMethods: ['reset-methods', list(word)],
  bootVga: ['boot-vga', flag],
  numaNode: ['numa', integer],
  driverOverride: ['driver-override', text],
  isBridge: ['bridge', flag],
  physicalFunction: ['pf', address],
  virtualFunctions: ['vfs', list(address)],
  vfCount: ['vf-count', integer],
  vfTotal: ['vf-total', integer],
  mdevTypes: ['mdev', lines(mdevType)],
  bars: ['bar', lines(bar)],
  hasRom: ['rom', flag],
  interfaces: ['interfaces', list(word)],
};

/** What most functions have in common, said once in a record of this name instead of in each function. */
const commonRecord = 'default';
const common: Partial<Shown> = { bootVga: false, isBridge: false, hasRom: false, mdevTypes: [], interfaces: [] };

/** The functions of a section, sorted by address; of two records with one address the later counts. */
export function readFunctions(section: Section, problem: (text: string) => void): PciFunction[] {
  const defaults: Partial<Draft<Shown>> = {};
  const functions = new Map<string, PciFunction>();
  for (const record of section.records) {
    if (record.head === commonRecord) readFields(fields, record.values, defaults, problem);
    else addFunction(functions, record, section.cut && record === section.records.at(-1) ? {} : defaults, problem);
  }
  return [...functions.values()].sort((a, b) => compareAddresses(a.address, b.address));
}

/** The section's body for these functions. */
export function writeFunctions(functions: readonly PciFunction[]): string[] {
  const shared = commonTo(functions);
  const body = functions.flatMap(fn => [fn.address, ...indented(writeFields(fields, without(show(fn), shared)))]);
  const head = writeFields<Shown>(fields, shared as Shown);
  return head.length ? [commonRecord, ...indented(head), ...body] : body;
}

export const indented = (lines: readonly string[]): string[] => lines.map(line => `  ${line}`);

function addFunction(
  functions: Map<string, PciFunction>,
  record: SnapshotRecord,
  defaults: Partial<Shown>,
  problem: (text: string) => void,
): void {
  const at = parsePciAddress(record.head);
  if (!at) {
    problem(`"${record.head}" is not a PCI address`);
    return;
  }
  const draft: Draft<Partial<Shown>> = { ...defaults };
  readFields(fields, record.values, draft, problem);
  const { class: class_, vendor, device, subsystem, ...rest } = draft;
  const [classId, vendorId, deviceId] = [class_?.ids[0], vendor?.ids[0], device?.ids[0]];
  const [className, vendorName, deviceName] = [class_?.name, vendor?.name, device?.name];
  const [subsystemVendorId, subsystemDeviceId] = subsystem?.ids ?? [];
  const identity: Pick<Facts, Identity> = { classId, className, vendorId, vendorName, deviceId, deviceName };
  const ofSubsystem: Pick<Facts, Subsystem> = { subsystemVendorId, subsystemDeviceId, subsystemName: subsystem?.name };
  functions.set(at, { ...unknownFunction(at), ...rest, ...identity, ...ofSubsystem });
}

function show(fn: PciFunction): Shown {
  const pack = (ids: readonly (string | undefined)[], name: string | undefined) =>
    name === undefined && ids.every(id => id === undefined) ? undefined : { ids, name };
  return {
    ...fn,
    class: pack([fn.classId], fn.className),
    vendor: pack([fn.vendorId], fn.vendorName),
    device: pack([fn.deviceId], fn.deviceName),
    subsystem: pack([fn.subsystemVendorId, fn.subsystemDeviceId], fn.subsystemName),
  };
}

/** The properties of `common` about which every function says something. */
function commonTo(functions: readonly PciFunction[]): Partial<Shown> {
  const names = Object.keys(common) as (keyof Shown & keyof Facts)[];
  const known = names.filter(name => functions.length > 1 && functions.every(fn => fn[name] !== undefined));
  return Object.fromEntries(known.map(name => [name, common[name]]));
}

/** The function without what `shared` already says. */
function without(fn: Shown, shared: Partial<Shown>): Shown {
  const names = Object.keys(shared) as (keyof Shown)[];
  const same = names.filter(name => isEmpty(fn[name]) || fn[name] === shared[name]);
  return { ...fn, ...Object.fromEntries(same.map(name => [name, undefined])) };
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
