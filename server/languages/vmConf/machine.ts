import { type PciAddress, parsePciAddress, parseSlotOrFunction } from '../../../host/pciAddress.ts';
import type { Token } from '../../text/span.ts';
import { type Entry, property, type Settings, stored, textOfProperty } from './config.ts';
import { own } from './schema.ts';
import { schemaTable } from './schemaTable.generated.ts';

/** A machine type as `machine:` names it, or the default of the architecture. */
export interface MachineType {
  /** `q35`, `pc-i440fx-9.2+pve1`, … */
  readonly text: string;
  /** The type in the `machine:` line; `undefined` where it is the default. */
  readonly token: Token | undefined;
  readonly entry: Entry | undefined;
  /** Whether the type contains `q35`, which is how Proxmox tells. */
  readonly isQ35: boolean;
  /** `undefined` for an unversioned type, which means the newest that the host has. */
  readonly version: MachineVersion | undefined;
}

export interface MachineVersion {
  readonly major: number;
  readonly minor: number;
  /** The N of `+pveN`; 0 where there is none. */
  readonly pve: number;
}

const versionPattern = /^(?:pc(?:-i440fx|-q35)?|virt)-([0-9]+)\.([0-9]+)(?:\.[0-9]+)?(?:\+pve([0-9]+))?(?:\.pxe)?/;

export function machineOf(settings: Settings): MachineType {
  const entry = settings.entry('machine');
  const token = property(entry, 'type')?.value;
  const text = token?.text ?? (architectureOf(settings) === 'aarch64' ? 'virt' : 'pc');
  return { text, token, entry, isQ35: text.includes('q35'), version: parseMachineVersion(text) };
}

/** The version in a machine type; `undefined` where it has none. */
export function parseMachineVersion(text: string): MachineVersion | undefined {
  const found = versionPattern.exec(text);
  return found ? { major: Number(found[1]), minor: Number(found[2]), pve: Number(found[3] ?? 0) } : undefined;
}

/** Orders by major, minor, then Proxmox's own revision. */
export const compareMachineVersions = (a: MachineVersion, b: MachineVersion): number =>
  a.major - b.major || a.minor - b.minor || a.pve - b.pve;

export const architectureOf = (settings: Settings): string => stored(settings, 'arch') ?? 'x86_64';

/** The Windows version behind an ostype (10 for `win10`, 6 for `w2k8`); `undefined` for other systems. */
export const windowsVersionOf = (settings: Settings): number | undefined =>
  own(schemaTable.windowsVersions, stored(settings, 'ostype') ?? 'other');

/** The display: the first word of `vga:`, or what an absent line means for this guest. */
export function displayOf(settings: Settings): string {
  const given = textOfProperty(settings.entry('vga'), 'type');
  if (given !== undefined) return given;
  if (architectureOf(settings) === 'aarch64') return 'virtio';
  const windows = windowsVersionOf(settings);
  return windows !== undefined && windows < 6 ? 'cirrus' : 'std';
}

/** The kind of memory encryption that leaves the guest without UEFI variables, and its EFI disk unused. */
export function encryptionWithoutEfiVariables(settings: Settings): 'AMD SEV-SNP' | 'Intel TDX' | undefined {
  if (textOfProperty(settings.entry('amd-sev'), 'type') === 'snp') return 'AMD SEV-SNP';
  return settings.entry('intel-tdx') ? 'Intel TDX' : undefined;
}

/** A PCI address in a `host=` list. */
export interface HostAddress {
  readonly token: Token;
  /** `0000:01:00`, with the domain and in lower case; `undefined` where the text cannot be an address of Linux. */
  readonly slot: string | undefined;
  /** The function; `undefined` where the address means every function of the slot. */
  readonly function: PciAddress | undefined;
}

/** The addresses that a `hostpciN` entry names itself, in its order; empty for a mapping. */
export function hostAddresses(entry: Entry): readonly HostAddress[] {
  const value = property(entry, 'host')?.value;
  if (!value) return [];
  let start = value.start;
  return value.text.split(';').map(text => {
    const token = { text, start, end: start + text.length };
    start = token.end + 1;
    const read = parseSlotOrFunction(text);
    return { token, slot: read?.slot, function: read?.function ?? parsePciAddress(text) };
  });
}

/** The mapping that a `hostpciN`, `usbN` or `virtiofsN` entry names. */
export const mappingOf = (entry: Entry): Token | undefined =>
  property(entry, entry.name === 'virtiofs' ? 'dirid' : 'mapping')?.value;

/** True where the entry asks for a mediated device instead of the whole function. */
export const usesMdev = (entry: Entry): boolean => entry.properties.has('mdev');

/**
 * The version that the machine has at the next start: the one in its type, else the host's QEMU. Windows guests without
 * a version are kept at 5.1, or at the version they were made with if that is 9.1 or newer. `undefined` where it is the
 * host's QEMU and that is not known: the newest, then.
 * Source: qemu-server 9.2.6, PVE/QemuServer/Machine.pm windows_get_pinned_machine_version, observed.
 */
export function machineVersionAtStart(settings: Settings, qemu: string | undefined): MachineVersion | undefined {
  const { version } = machineOf(settings);
  if (version) return version;
  if (windowsVersionOf(settings) === undefined) return parseMachineVersion(`pc-${qemu ?? ''}`);
  const created = parseMachineVersion(`pc-${textOfProperty(settings.entry('meta'), 'creation-qemu') ?? ''}`);
  const pinned = { major: 5, minor: 1, pve: 0 };
  return created && compareMachineVersions(created, { major: 9, minor: 1, pve: 0 }) >= 0 ? created : pinned;
}

/** True where the machine of the next start is known to be older than a version. */
export function isMachineOlder(version: MachineVersion | undefined, major: number, minor: number, pve = 0): boolean {
  return version !== undefined && compareMachineVersions(version, { major, minor, pve }) < 0;
}
