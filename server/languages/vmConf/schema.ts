import { schemaTable } from './schemaTable.generated.ts';

export type ValueType = 'boolean' | 'integer' | 'number' | 'string';

/** What the schema says of one value: of a top-level option or of a sub-property. */
export interface ValueSchema {
  /** Absent for aliases only. */
  readonly type?: ValueType;
  /** Name of a format, checked by `formats.ts`. */
  readonly format?: FormatName;
  readonly enum?: readonly string[];
  /** Anchored regular expression, JavaScript syntax. */
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  /** What an absent value means; a sentence where it depends on the host. */
  readonly default?: string | number | boolean;
  /** A placeholder for hovers and signatures: `HOSTPCIID[;HOSTPCIID2...]`. */
  readonly typetext?: string;
}

export interface SubSchema extends ValueSchema {
  readonly required?: true;
  /** Another sub-property that must be there too. */
  readonly requires?: string;
  /** The name under which the value is stored. */
  readonly alias?: string;
  /** The sub-property that gets this one's own name as its value: `virtio=MAC` is `model=virtio,macaddr=MAC`. */
  readonly keyAlias?: string;
}

export type SubSchemas = Readonly<Record<string, SubSchema>>;

/** A top-level option, or what all members of a family have in common. */
export interface OptionSchema extends ValueSchema {
  readonly type: ValueType;
  /** Present where the value is a property string. */
  readonly properties?: SubSchemas;
  /** The sub-property that a part without `=` sets. */
  readonly defaultKey?: string;
  /** What the API asks of whom; `root@pam` means root alone, `value-dependent` that it depends on the value. */
  readonly privilege?: string;
  /** Set by Proxmox itself; the API refuses it. */
  readonly internal?: true;
}

/** Options with an index, `hostpci0` to `hostpci15`. */
export interface FamilySchema extends OptionSchema {
  readonly last: number;
}

/** Options by key, families by the key without the index. */
export interface OptionTable {
  readonly options: Readonly<Record<string, OptionSchema>>;
  readonly families: Readonly<Record<string, FamilySchema>>;
}

export interface SchemaTable extends OptionTable {
  /** `qemu-server 9.2.6`. */
  readonly source: string;
  readonly version: string;
  /** CPU models by architecture, with the vendor they imitate; `default` where that is up to the host. */
  readonly cpuModels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly cpuFlags: readonly string[];
  readonly cpu32bit: readonly string[];
  /** Highest `+pveN` by QEMU version; 0 for others. */
  readonly pveRevisions: Readonly<Record<string, number>>;
  /** Windows version by ostype. */
  readonly windowsVersions: Readonly<Record<string, number>>;
}

/** Formats of VM, container and mapping schemas; `formats.ts` has a kind of value for each. */
export type FormatName =
  | 'address-list'
  | 'disk-size'
  | 'dns-name'
  | 'dns-name-list'
  | 'ipv4'
  | 'ipv6'
  | 'lxc-ip-with-ll-iface-list'
  | 'mac-addr'
  | 'pve-bridge-id'
  | 'pve-configid'
  | 'pve-cpuset'
  | 'pve-ct-timezone'
  | 'pve-hotplug-features'
  | 'pve-ipv4-config'
  | 'pve-ipv6-config'
  | 'pve-lxc-dev-string'
  | 'pve-lxc-mp-string'
  | 'pve-node'
  | 'pve-phys-bits'
  | 'pve-qm-bootdev-list'
  | 'pve-qm-bootdisk'
  | 'pve-startup-order'
  | 'pve-storage-id'
  | 'pve-storage-path-in-property-string'
  | 'pve-tag-list'
  | 'pve-volume-id'
  | 'pve-volume-id-list'
  | 'pve-volume-id-or-qm-path'
  | 'urlencoded';

/** An option as found by its key; of a family with the index. */
export interface FoundOption {
  readonly schema: OptionSchema;
  /** `hostpci` for `hostpci3`; the key itself where it is no family. */
  readonly name: string;
  readonly index: number | undefined;
}

export interface FoundFamily {
  readonly name: string;
  readonly schema: FamilySchema;
}

const found = new Map<string, FoundOption | undefined>();

/** What a key means, or `undefined`: no leading zeros in an index, nothing above the family's last one. */
export function optionOf(key: string): FoundOption | undefined {
  if (!found.has(key)) {
    if (found.size > 4096) found.clear();
    found.set(key, optionIn(schemaTable, key));
  }
  return found.get(key);
}

/** The same in another schema with options and families. */
export function optionIn(table: OptionTable, key: string): FoundOption | undefined {
  const schema = own(table.options, key);
  if (schema) return { schema, name: key, index: undefined };
  const digits = /(?:0|[1-9][0-9]{0,3})$/.exec(key)?.[0];
  if (digits === undefined) return undefined;
  const name = key.slice(0, -digits.length);
  const family = own(table.families, name);
  const index = Number(digits);
  return family && index <= family.last ? { schema: family, name, index } : undefined;
}

/** The family that a key is meant to belong to (`hostpci` for `hostpci`, `hostpci07`, `hostpci99`). */
export const familyOf = (key: string): FoundFamily | undefined => familyIn(schemaTable, key);

/** The same in another schema. */
export function familyIn(table: OptionTable, key: string): FoundFamily | undefined {
  const name = key.replace(/[0-9]+$/, '');
  const schema = own(table.families, name);
  return schema && { name, schema };
}

/** The option that holds the value of an alias: a `cdrom` line is stored as `ide2`. */
export const storedKey = (key: string): string => (key === 'cdrom' ? 'ide2' : key);

/** The schema of a sub-property, by the name as written. */
export const subOf = (schema: OptionSchema, name: string): SubSchema | undefined =>
  schema.properties && own(schema.properties, name);

/** Every CPU model that Proxmox brings along, for all architectures; the x86-64-vN ones included. */
export const cpuModels: ReadonlySet<string> = new Set(
  Object.values(schemaTable.cpuModels).flatMap(models => Object.keys(models)),
);

/** Looks up what a record holds itself: keys come from files, and `constructor` is no option. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
