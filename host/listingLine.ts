import type { PciFunction } from './inventory.ts';
import { type PciAddress, parsePciAddress } from './pciAddress.ts';
import { classIdOf, classNameOf } from './pciClasses.ts';
import { named, splitNames, vendorNameOf } from './pciVendors.ts';

/** What one line says of one function. */
export type Facts = Partial<Omit<PciFunction, 'address'>>;

/** A line without what surrounds a listing: quote marks, list bullets, tree branches, markdown. */
export interface CleanLine {
  readonly text: string;
  /** Columns before the text, tabs counted to the next multiple of eight. */
  readonly indent: number;
  /** A mark such as `[RESET]` or `[R]`: sysfs has a `reset` file for the function. */
  readonly resetMark: boolean;
  /** Drawn as a branch of a tree. */
  readonly branch: boolean;
}

const addressText = '(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\\.[0-7](?![0-9a-z_.])';
const leadingAddress = new RegExp(`^(${addressText})(?:\\s*[-–—:|]?\\s+|[,;*]*$)(.*)$`, 'i');
const groupHeading = new RegExp(
  `^(?:iommu[ _-]?)?group[ _#]{0,8}:?\\s{0,8}(?!${addressText})\\[?(\\d{1,6})(?![0-9a-z.]|:[0-9a-f]{2}[:.])\\]?[\\s:;,.)*#>=–—-]*(.*)$`,
  'i',
);
const groupPath = new RegExp(`/iommu_groups/(\\d{1,6})(?:/devices(?:/(${addressText}))?)?(?:/?:?|@| -> .*)$`, 'i');
const ornament = /^(?:[\s>*•·#;|│├└─╰┣┗┃`+\\-]|\/\/)+/;
const lineNumber = new RegExp(`^\\d{1,4}[.):]?\\s{1,8}(?=(?:(?:iommu )?group|${addressText}) )`, 'i');
/** What `ls -l` prints before a name. */
const linkMode = /^l[rwx-]{9}\S? (?=.{10,80} -> )/;
const someAddresses = new RegExp(`^${addressText}(?:\\s{1,8}${addressText}){1,31}$`, 'i');
const resetMark = /^\[(?:RESET|R|FLR)\]\s*|^\(reset\)\s*/i;

const openingTags =
  /^(?:\[(?:code|quote|spoiler|plain|icode)(?:=[^\]]{0,60})?\]|<(?:pre|code|samp|p|div|blockquote)(?: [^>]{0,80})?>)+/i;

/** The line without what a terminal, an editor or a mail program put into it: colours, line ends, quote marks. */
export const plainLine = (line: string): string =>
  line
    .replace(/\x1b\[[0-9;]{0,20}[A-Za-z]|[\r\ufeff\u200b]/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&quot;', '"')
    .replace(/^(?:[ \t]*>)+ ?/, '')
    .replace(openingTags, '');

/** Takes bullets, branches and emphasis off a line. */
export function cleanLine(raw: string): CleanLine {
  let text = raw.replace(ornament, '');
  const numbered = lineNumber.exec(text);
  if (numbered) text = text.slice(numbered[0].length);
  const marked = resetMark.exec(text);
  if (marked) text = text.slice(marked[0].length).replace(ornament, '');
  const before = raw.slice(0, raw.length - text.length);
  return {
    text: trimEnd(text),
    indent: columns(before),
    resetMark: marked !== null,
    branch: /[│├└─╰┣┗┃]|[|`+]-/.test(before),
  };
}

/** `IOMMU Group 7: 00:1f.0 …` → 7 and what follows; `undefined` where the line does not begin with a group. */
export function readGroup(text: string): { readonly group: number; readonly rest: string } | undefined {
  const path = groupPath.exec(text);
  if (path) return { group: Number(path[1]), rest: path[2] ?? '' };
  const heading = groupHeading.exec(text);
  return heading ? { group: Number(heading[1]), rest: heading[2]!.trim() } : undefined;
}

export interface DeviceLine {
  readonly address: PciAddress;
  readonly facts: Facts;
  /** Its text up to the end when the ids that it should end in are missing: the next line may go on. */
  readonly unfinished: string | undefined;
}

/**
 * A line that begins with an address and goes on as a listing does. `undefined` for everything else, such as a log
 * line that mentions an address. A bare address counts only where `bare` is true.
 */
export function readDevice(text: string, bare: boolean): DeviceLine | undefined {
  const swapped = /^\[([0-9a-f]{4}):([0-9a-f]{4})\]\s+(\[R\]\s+)?(\S+)\s+(.*)$/i.exec(text);
  if (swapped) return readIdsFirst(swapped);
  const found = leadingAddress.exec(withoutMode(text).replace(/^(?:(?:Group )?Device|PCI|BDF|Address):\s*/i, ''));
  const address = found && parsePciAddress(found[1]!);
  if (!address) return undefined;
  const rest = found[2]!.trim();
  if (rest === '' || rest.startsWith('-> ')) return bare ? { address, facts: {}, unfinished: undefined } : undefined;
  const facts = describe(rest);
  if (!facts) return undefined;
  const unfinished = facts.classId && !facts.deviceId && /\[[0-9a-f]{4}\]:/i.test(rest) ? rest : undefined;
  return { address, facts, unfinished };
}

/** Nothing but addresses, as `ls` sets several in a line. */
export const addressesOf = (text: string): readonly string[] => (someAddresses.test(text) ? text.split(/\s+/) : []);

/** A line of `ls -l` from the name on: `0000:01:00.0 -> ../../../../devices/…`. */
const withoutMode = (text: string): string =>
  linkMode.test(text) ? text.slice(text.lastIndexOf(' ', text.indexOf(' -> ') - 1) + 1) : text;

/** `VGA compatible controller [0300]: NVIDIA Corporation GP108 [10de:1d01] (rev a1)` and its relatives. */
export function describe(rest: string): Facts | undefined {
  if (rest.startsWith('"')) return describeQuoted(rest);
  const pairs = /^driver=(\S*)(?:\s+modules?=(\S*))?$/i.exec(rest);
  if (pairs) return { driver: driverOf(pairs[1]!), ...(pairs[2] && { modules: pairs[2].split(',') }) };
  const numeric = /^(?:class )?([0-9a-f]{4}): ([0-9a-f]{4}):([0-9a-f]{4})\b(.*)$/i.exec(rest);
  if (numeric) {
    const [, classId, vendorId, deviceId, tail] = numeric;
    return { ...classFacts(undefined, classId), ...idFacts(vendorId!, deviceId!), ...revisionOf(tail!) };
  }
  const withClass = /^([^[\]":]{0,80})\[([0-9a-f]{4})\]: ?(.*)$/i.exec(rest);
  if (withClass) return { ...classFacts(withClass[1]!.trim(), withClass[2]), ...describeDevice(withClass[3]!) };
  const byName = /^([^[\]":]{2,80}):\s+(.+)$/.exec(rest);
  if (!byName) return undefined;
  const device = describeDevice(byName[2]!);
  const classId = classIdOf(byName[1]!) ?? /^Class ([0-9a-f]{4})$/i.exec(byName[1]!)?.[1];
  return classId || device.deviceId ? { ...classFacts(byName[1]!.trim(), classId), ...device } : undefined;
}

/** `Intel Corporation I210 [8086:1533] (rev 03)`: ids, names and revision. */
export function describeDevice(text: string): Facts {
  const ids = [...text.matchAll(/\[([0-9a-f]{4}):([0-9a-f]{4})\]/gi)].at(-1);
  const name = text.slice(0, ids?.index ?? /\((?:rev|prog-if) /.exec(text)?.index);
  const tail = ids ? text.slice(ids.index + ids[0].length) : text;
  return {
    ...namesOf(name.trim(), ids?.[1]),
    ...(ids && idFacts(ids[1]!, ids[2]!)),
    ...revisionOf(tail),
    ...driverIn(tail),
  };
}

export function classFacts(name: string | undefined, id: string | undefined): Facts {
  const classId = id?.toLowerCase() ?? (name && classIdOf(name));
  const className = name || (classId && classNameOf(classId));
  return {
    ...(classId && { classId, isBridge: classId === '0604' || classId === '0609' }),
    ...(className && !/^Class [0-9a-f]{4}$/i.test(className) && { className }),
  };
}

export const idFacts = (vendorId: string, deviceId: string): Facts => ({
  vendorId: vendorId.toLowerCase(),
  deviceId: deviceId.toLowerCase(),
});

/** A driver as listings name it: `none`, `-` and nothing mean that there is none. */
export const driverOf = (text: string): string | null =>
  /^(?:|none|\(none\)|<none>|-+|n\/a|no driver)$/i.test(text.trim()) ? null : text.trim().split(/\s/, 1)[0]!;

function namesOf(text: string, vendorId: string | undefined): Facts {
  const unnamed = /\bDevice (?:([0-9a-f]{4}):)?([0-9a-f]{4})$/i.exec(text);
  const { vendorName, deviceName } = splitNames(text, vendorId);
  return {
    ...(vendorName && { vendorName }),
    ...(deviceName && { deviceName }),
    // Without -nn lspci prints the ids in place of names that it does not know.
    ...(unnamed?.[1] && { vendorId: unnamed[1].toLowerCase() }),
    ...(unnamed && { deviceId: unnamed[2]!.toLowerCase() }),
  };
}

function revisionOf(text: string): Facts {
  const revision = /\(rev ([0-9a-f]{2})\)/i.exec(text)?.[1];
  return revision ? { revision: revision.toLowerCase() } : {};
}

/** `… (rev a1) Driver: vfio-pci`, as some scripts add it to the line. */
function driverIn(tail: string): Facts {
  const driver = /\b(?:kernel )?driver(?: in use)?[:=] ?([\w-]+|\(none\))/i.exec(tail)?.[1];
  return driver ? { driver: driverOf(driver) } : {};
}

/**
 * Two scripts that many use: `[1022:1483] [R] 00:01.2  PCI bridge   Starship/Matisse GPP Bridge`, and that of Unraid,
 * `[10de:1b80] 01:00.0 VGA compatible controller: NVIDIA Corporation GP104 (rev a1)`.
 */
function readIdsFirst([, vendor, device, mark, at, rest]: RegExpExecArray): DeviceLine | undefined {
  const address = parsePciAddress(at!);
  if (!address) return undefined;
  const text = rest!.trim();
  const facts: Facts = {
    ...(describe(text) ?? describeColumns(text, vendor!.toLowerCase())),
    ...idFacts(vendor!, device!),
    ...(mark && { resettable: true }),
  };
  const vendorName = facts.vendorName ?? vendorNameOf(vendor!.toLowerCase());
  return { address, facts: { ...facts, ...(vendorName && { vendorName }) }, unfinished: undefined };
}

function describeColumns(text: string, vendorId: string): Facts {
  const [className, ...name] = splitClass(text);
  return { ...classFacts(className, undefined), ...namesOf(name.join(' '), vendorId) };
}

/** The columns are set apart by several blanks; where those got lost, a class is known by its name. */
function splitClass(text: string): string[] {
  const columns = text.split(/\s{2,}|\t/);
  const words = text.split(' ', 8);
  const count = words.findLastIndex((_, index) => classIdOf(words.slice(0, index + 1).join(' ')) !== undefined) + 1;
  if (columns.length > 1 || count === 0) return columns;
  const name = words.slice(0, count).join(' ');
  return [name, text.slice(name.length).trim()];
}

/** `lspci -mm`: `"Host bridge [0600]" "Intel Corporation [8086]" "Device [1237]" -r02 "" ""`. */
function describeQuoted(rest: string): Facts | undefined {
  const parts = [...rest.matchAll(/"((?:[^"\\]|\\.){0,300})"|-r([0-9a-f]{2})/gi)];
  const quoted = parts.filter(part => part[2] === undefined).map(part => part[1]!.replace(/\\(.)/g, '$1'));
  const [className, vendor, device, subsystemVendor, subsystem] = quoted;
  if (className === undefined || vendor === undefined || device === undefined) return undefined;
  const revision = parts.find(part => part[2] !== undefined)?.[2];
  return {
    ...classField(className),
    ...nameAndId(vendor, 'vendorName', 'vendorId'),
    ...nameAndId(device, 'deviceName', 'deviceId'),
    ...nameAndId(subsystemVendor ?? '', undefined, 'subsystemVendorId'),
    ...nameAndId(subsystem ?? '', 'subsystemName', 'subsystemDeviceId'),
    ...(revision && { revision: revision.toLowerCase() }),
  };
}

/** The value of a `Class:` field: `VGA compatible controller [0300]`, `0300` or the name alone. */
export function classField(value: string): Facts {
  const [, inBrackets, bare] = /(?:\[([0-9a-f]{4})\]|^([0-9a-f]{4}))$/i.exec(value) ?? [];
  const name = inBrackets ? value.slice(0, -6).trim() : bare ? '' : value;
  return classFacts(name || undefined, inBrackets ?? bare);
}

type NameField = 'vendorName' | 'deviceName' | 'subsystemName';
type IdField = 'vendorId' | 'deviceId' | 'subsystemVendorId' | 'subsystemDeviceId';

/** A field of a record: `Intel Corporation [8086]`, `8086` or `Intel Corporation`. */
export function nameAndId(value: string, nameField: NameField | undefined, idField: IdField): Facts {
  const [, inBrackets, bare] = /(?:\[([0-9a-f]{4})\]|^(?:Device )?([0-9a-f]{4}))$/i.exec(value) ?? [];
  const id = inBrackets ?? bare;
  const name = named((inBrackets ? value.slice(0, -6) : bare ? '' : value).trim());
  return { ...(id && { [idField]: id.toLowerCase() }), ...(nameField && name && { [nameField]: name }) };
}

/** Takes blanks, markdown's marks and closing tags off the end of a line. */
function trimEnd(text: string): string {
  let rest = text.trimEnd();
  for (;;) {
    const mark = /(?:\*\*|`|<br ?\/?>|\[\/(?:code|quote|spoiler|plain|icode)\]|<\/(?:pre|code|samp|p|div)>)$/i.exec(
      rest.slice(-12),
    );
    if (!mark) return rest;
    rest = rest.slice(0, -mark[0].length).trimEnd();
  }
}

function columns(before: string): number {
  let column = 0;
  for (const character of before) column = character === '\t' ? column - (column % 8) + 8 : column + 1;
  return column;
}
