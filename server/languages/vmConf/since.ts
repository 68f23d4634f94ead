import { compareVersions, isOlder } from '../../values/version.ts';
import { own } from './schema.ts';

/**
 * The version of qemu-server that first had a key, a sub-property or a value. Families are written with an N, values
 * behind `=`. What is not listed is older than all that still runs.
 * Source: the history of qemu-server up to 9.2.6: the release after the commit that brought each.
 */
export const firstVersions: Readonly<Record<string, string>> = {
  affinity: '7.2-7',
  'agent.freeze-fs': '9.1.6',
  'agent.freeze-fs-on-backup': '7.3-4',
  'agent.guest-fsfreeze': '9.1.5',
  'agent.type': '6.0-15',
  'allow-ksm': '9.0.27',
  'amd-sev': '8.2.7',
  'amd-sev.allow-smt': '8.3.10',
  'amd-sev.type=snp': '8.3.10',
  audioN: '6.0-6',
  'boot.order': '6.2-16',
  'cicustom.vendor': '7.0-18',
  'citype=opennebula': '6.3-5',
  ciupgrade: '8.0.2',
  'cpu.flags=nested-virt': '9.0.27',
  'cpu.guest-phys-bits': '9.0.18',
  'cpu.level': '9.1.14',
  'cpu.phys-bits': '6.1-13',
  'drive.aio=io_uring': '7.0-4',
  'drive.ro': '7.0-18',
  'efidiskN.efitype': '7.0-16',
  'efidiskN.ms-cert': '9.0.27',
  'efidiskN.ms-cert=2023k': '9.1.5',
  'efidiskN.pre-enrolled-keys': '7.0-16',
  'hostpciN.device-id': '7.1-5',
  'hostpciN.driver': '9.0.25',
  'hostpciN.legacy-igd': '6.2-4',
  'hostpciN.mapping': '8.0.4',
  'hostpciN.sub-device-id': '7.1-5',
  'hostpciN.sub-vendor-id': '7.1-5',
  'hostpciN.vendor-id': '7.1-5',
  'hotplug=cloudinit': '7.2-7',
  'intel-tdx': '9.0.25',
  'intel-tdx.attestation': '9.0.28',
  'intel-tdx.vsock-cid': '9.0.28',
  'intel-tdx.vsock-port': '9.0.28',
  keephugepages: '6.2-15',
  'machine.aw-bits': '9.0.21',
  'machine.enable-s3': '8.3.10',
  'machine.enable-s4': '8.3.10',
  'machine.viommu': '8.1.2',
  meta: '7.0-18',
  'netN.host-tunnel': '9.1.18',
  'netN.mtu': '6.2-3',
  'ostype=win11': '7.0-17',
  rngN: '6.1-7',
  'running-nets-host-mtu': '9.0.20',
  runningcpu: '6.1-13',
  'scsiN.product': '8.1.0',
  'scsiN.vendor': '8.1.0',
  spice_enhancements: '6.0-8',
  tags: '6.0-15',
  tpmstateN: '7.0-15',
  'usbN.mapping': '8.0.4',
  'vga.clipboard': '8.0.9',
  'vga.type=virtio-gl': '7.1-5',
  virtiofsN: '8.3.11',
};

/** CPU models that came later than the rest. Source: as above, CPUConfig.pm. */
const modelsByVersion: Readonly<Record<string, string>> = {
  '6.1-7':
    'Cascadelake-Server-noTSX Icelake-Client Icelake-Client-noTSX Icelake-Server Icelake-Server-noTSX Skylake-Client-noTSX-IBRS Skylake-Server-noTSX-IBRS',
  '6.1-13': 'EPYC-Rome',
  '7.2-4': 'EPYC-Milan',
  '8.0.4': 'x86-64-v2 x86-64-v2-AES x86-64-v3 x86-64-v4',
  '8.0.5':
    'Cascadelake-Server-v2 Cascadelake-Server-v4 Cascadelake-Server-v5 Cooperlake Cooperlake-v2 EPYC-Rome-v2 EPYC-v3 Icelake-Server-v3 Icelake-Server-v4 Icelake-Server-v5 Icelake-Server-v6 SapphireRapids Skylake-Client-v4 Skylake-Server-v4 Skylake-Server-v5',
  '8.1.0': 'EPYC-Genoa EPYC-Milan-v2 EPYC-Rome-v3 EPYC-Rome-v4 EPYC-v4 GraniteRapids SapphireRapids-v2',
  '9.1.4':
    'ClearwaterForest EPYC-Genoa-v2 EPYC-Milan-v3 EPYC-Rome-v5 EPYC-Turin EPYC-v5 GraniteRapids-v2 GraniteRapids-v3 Icelake-Server-v7 SapphireRapids-v3 SapphireRapids-v4 SierraForest SierraForest-v2 SierraForest-v3',
  '9.1.5':
    'a64fx cortex-a35 cortex-a53 cortex-a55 cortex-a57 cortex-a710 cortex-a72 cortex-a76 neoverse-n1 neoverse-n2 neoverse-v1',
};

export const modelVersions: ReadonlyMap<string, string> = new Map(
  Object.entries(modelsByVersion).flatMap(([version, models]) =>
    models.split(' ').map(model => [model, version] as const),
  ),
);

/** Families that grew: members above an index came with a version. */
const growth: Readonly<Record<string, { readonly above: number; readonly since: string }>> = {
  hostpci: { above: 3, since: '6.0-8' },
  usb: { above: 4, since: '7.2-7' },
};

/** A place in the schema: an option, perhaps a sub-property of it, perhaps a value. */
export interface SchemaPlace {
  readonly name: string;
  readonly index: number | undefined;
  readonly sub?: string | undefined;
  readonly value?: string | undefined;
}

/** The qemu-server from which on all of a place is known; `undefined` where it is old. */
export function sinceOf({ name, index, sub, value }: SchemaPlace): string | undefined {
  const known = versionsAt(name, index !== undefined, sub ?? '');
  const grown = index === undefined ? undefined : own(growth, name);
  const since = grown && (index as number) > grown.above ? newer(known.since, grown.since) : known.since;
  return value === undefined || !known.hasValues ? since : newer(since, ofValue(name, known.path, sub, value));
}

/** False where neither an option or sub-property nor any value of it came later than what it belongs to. */
export function cameLater({ name, index, sub = '' }: SchemaPlace): boolean {
  const { isOwn, hasValues } = versionsAt(name, index !== undefined, sub);
  return isOwn || hasValues;
}

/** The newer of two versions, of which either may be unknown. */
const newer = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && isOlder(a, b)) ? b : a;

interface Versions {
  /** `hostpciN.mapping`. */
  readonly path: string;
  readonly since: string | undefined;
  /** True where the place itself is listed, not only what it belongs to. */
  readonly isOwn: boolean;
  /** True where some values of the place are newer than the place. */
  readonly hasValues: boolean;
}

const singles = new Map<string, Map<string, Versions>>();
const members = new Map<string, Map<string, Versions>>();

/** What the lists say of an option (`sub` is empty) or of a sub-property; every line asks for it. */
function versionsAt(name: string, isMember: boolean, sub: string): Versions {
  const table = isMember ? members : singles;
  const subs = table.get(name) ?? new Map<string, Versions>();
  let versions = subs.get(sub);
  if (!versions) {
    versions = findVersions(name, isMember ? `${name}N` : name, sub);
    // Names of sub-properties come from files.
    if (subs.size < 256) table.set(name, subs.set(sub, versions));
  }
  return versions;
}

function findVersions(name: string, key: string, sub: string): Versions {
  const path = sub === '' ? key : `${key}.${sub}`;
  const ofSub = sub === '' ? undefined : (own(firstVersions, path) ?? shared(name, sub));
  const starts = [`${path}=`, ...(drives.has(name) ? [`drive.${sub}=`] : [])];
  return {
    path,
    since: newer(own(firstVersions, key), ofSub),
    isOwn: ofSub !== undefined,
    hasValues:
      /^(?:cputype|reported-model|flags)$/.test(sub) ||
      Object.keys(firstVersions).some(place => starts.some(start => place.startsWith(start))),
  };
}

/** `since qemu-server 9.0.25, this host has 8.4.1`; `undefined` where the host knows it, or is not known. */
export const tooNewFor = (host: string | undefined, since: string | undefined): string | undefined =>
  host !== undefined && since !== undefined && compareVersions(host, since) < 0
    ? `since qemu-server ${since}, this host has ${host}`
    : undefined;

const drives = new Set(['cdrom', 'ide', 'sata', 'scsi', 'virtio']);

/** What all drives have in common is listed once, and `runningmachine` has the form of `machine`. */
function shared(name: string, sub: string): string | undefined {
  if (drives.has(name)) return own(firstVersions, `drive.${sub}`);
  return name === 'runningmachine' ? own(firstVersions, `machine.${sub}`) : undefined;
}

function ofValue(name: string, path: string, sub: string | undefined, value: string): string | undefined {
  const listed = own(firstVersions, `${path}=${value}`);
  if (listed !== undefined) return listed;
  if (sub === 'cputype' || sub === 'reported-model') return modelVersions.get(value);
  if (sub === 'flags') return own(firstVersions, `cpu.flags=${value.replace(/^[+-]/, '')}`);
  return drives.has(name) ? own(firstVersions, `drive.${sub}=${value}`) : undefined;
}
