/** The shapes of a schema: of VMs, containers and mappings alike. Their tables are generated and depend on this alone. */

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
