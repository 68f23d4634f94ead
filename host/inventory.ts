import type { PciAddress } from './pciAddress.ts';
import { classNameOf } from './pciClasses.ts';
import { vendorNameOf } from './pciVendors.ts';

/**
 * What one host told us at one moment: plain data, serialisable, comparable, printable.
 * Every field that a snapshot may lack is `undefined`; `undefined` always means "not known", never "no".
 */
export interface Inventory {
  /** The node's name (`hostname`), as in `/etc/pve/nodes/NAME`. */
  readonly node: string | undefined;
  /** When the host was asked, ISO 8601 in UTC; absent for listings that people pasted. */
  readonly takenAt: string | undefined;
  /** Sorted by address. */
  readonly functions: readonly PciFunction[];
  /** True: `functions` is every PCI function of the host, so an absent address is known to be absent. */
  readonly complete: boolean;
  readonly kernel: KernelFacts;
  readonly boot: BootFacts;
  readonly versions: PackageVersions;
  readonly cpu: CpuFacts | undefined;
  /** What QEMU needs of the kernel beside the CPU. */
  readonly virtualization: VirtualizationFacts | undefined;
  /** Memory in KiB (`MemTotal`). */
  readonly memoryKiB: number | undefined;
  /** Names in `/sys/class/iommu` (`dmar0`, `ivhd0`, …); empty: the kernel runs without an IOMMU. */
  readonly iommus: readonly string[] | undefined;
  /** Loaded modules by canonical name (underscores). */
  readonly loadedModules: ReadonlySet<string> | undefined;
  /** Modules compiled into the running kernel, canonical names. */
  readonly builtinModules: ReadonlySet<string> | undefined;
  /** `/sys/module/NAME/parameters`: module → parameter → value as the kernel prints it. */
  readonly moduleParameters: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Parameters that a module of this host's kernel has, where asked: module → names. */
  readonly knownParameters: ReadonlyMap<string, readonly string[]>;
  /** Modules that were asked about and that the running kernel does not have, canonical names. */
  readonly missingModules: ReadonlySet<string> | undefined;
  readonly initramfs: readonly InitramfsImage[] | undefined;
  readonly storages: readonly Storage[] | undefined;
  readonly bridges: readonly Bridge[] | undefined;
  /** What the host itself stands on, by PCI address. */
  readonly hostNeeds: readonly HostNeed[];
  readonly guests: readonly GuestState[] | undefined;
  /** `/run/qemu-server/pci-id-reservations`: which guest holds which function right now. */
  readonly reservations: readonly Reservation[] | undefined;
  /** IOMMU groups with a reserved region of type `direct` (RMRR), which the kernel refuses to hand to a guest. */
  readonly groupsWithDirectRegions: readonly number[] | undefined;
  readonly cluster: ClusterFacts | undefined;
  /** Files in `/usr/share/kvm` that a `romfile=` may name. */
  readonly romFiles: readonly RomFile[] | undefined;
  /** Files that the collector brought along, most from `/etc`, without secrets: absolute path → text. */
  readonly files: ReadonlyMap<string, HostFile>;
  /** Device nodes below `/dev/dri`, `/dev/nvidia*`, `/dev/kfd` with the PCI function behind them. */
  readonly deviceNodes: readonly DeviceNode[] | undefined;
  /** Kernel messages about IOMMU, vfio, resets and BARs, oldest first. */
  readonly kernelMessages: readonly string[] | undefined;
  /** Debian packages asked about: name → version; a name with `undefined` is known not to be installed. */
  readonly packages: ReadonlyMap<string, string | undefined>;
  /** Parts of the snapshot that could not be read, in words for the user. */
  readonly gaps: readonly string[];
}

/** One PCI function. Ids are four lower-case hex digits; sizes are bytes. */
export interface PciFunction {
  readonly address: PciAddress;
  /** Class and subclass, such as `0300`. */
  readonly classId: string | undefined;
  /** Class in words (`VGA compatible controller`), where a listing gave them. */
  readonly className: string | undefined;
  readonly vendorId: string | undefined;
  readonly deviceId: string | undefined;
  readonly subsystemVendorId: string | undefined;
  readonly subsystemDeviceId: string | undefined;
  readonly revision: string | undefined;
  /** Vendor and device as text, as lspci names them; absent when no names were at hand. */
  readonly vendorName: string | undefined;
  readonly deviceName: string | undefined;
  readonly subsystemName: string | undefined;
  /** The driver bound now; `null`: known to have none. */
  readonly driver: string | null | undefined;
  /** Modules that claim the id, as `lspci -k` lists them. */
  readonly modules: readonly string[] | undefined;
  /** The IOMMU group's number; `null`: known to be in none. */
  readonly iommuGroup: number | null | undefined;
  readonly bootVga: boolean | undefined;
  /** Whether the kernel offers a reset (sysfs `reset` exists). */
  readonly resettable: boolean | undefined;
  /** sysfs `reset_method`, in order of preference: `flr`, `bus`, `pm`, `device_specific`, `acpi`. */
  readonly resetMethods: readonly string[] | undefined;
  readonly numaNode: number | undefined;
  readonly driverOverride: string | undefined;
  /** True for bridges (a `pci_bus` directory below it, or header type 1). */
  readonly isBridge: boolean | undefined;
  /** Of a VF: its PF. */
  readonly physicalFunction: PciAddress | undefined;
  /** Of a PF: its VFs that exist now. */
  readonly virtualFunctions: readonly PciAddress[] | undefined;
  /** sysfs `sriov_numvfs` and `sriov_totalvfs`. */
  readonly vfCount: number | undefined;
  readonly vfTotal: number | undefined;
  readonly mdevTypes: readonly MdevType[] | undefined;
  readonly bars: readonly Bar[] | undefined;
  readonly hasRom: boolean | undefined;
  /** Kernel names of what hangs on it: `enp3s0`, `nvme0n1`, `card0`, `usb1` … */
  readonly interfaces: readonly string[] | undefined;
}

/** A mediated device or NVIDIA vGPU type that a function offers. */
export interface MdevType {
  readonly id: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly available: number | undefined;
  /** `mdev`: `mdev_supported_types`; `nvidia`: `nvidia/creatable_vgpu_types`. */
  readonly interface: 'mdev' | 'nvidia';
}

export interface Bar {
  readonly index: number;
  /** Bytes. */
  readonly size: number;
  readonly prefetchable: boolean;
}

export interface KernelFacts {
  /** `uname -r`, such as `6.8.12-9-pve`. */
  readonly release: string | undefined;
  /** Other installed kernels. */
  readonly installed: readonly string[] | undefined;
  /** `/proc/cmdline` of the running kernel. */
  readonly commandLine: string | undefined;
  /** Boot time, ISO 8601. */
  readonly bootedAt: string | undefined;
}

export interface BootFacts {
  readonly efi: boolean | undefined;
  readonly secureBoot: boolean | undefined;
  /** The loader that started this system. */
  readonly loader: 'grub' | 'systemd-boot' | undefined;
  /** `/etc/kernel/proxmox-boot-uuids` exists and is not empty. */
  readonly proxmoxBootTool: boolean | undefined;
  /** Content of `/etc/kernel/proxmox-boot-pin`. */
  readonly pinnedKernel: string | undefined;
}

/** Versions as Debian writes them: `9.2.6`, `8.4.1`. */
export interface PackageVersions {
  readonly pveManager: string | undefined;
  readonly qemuServer: string | undefined;
  /** `pve-qemu-kvm`. */
  readonly qemu: string | undefined;
  readonly guestCommon: string | undefined;
  readonly container: string | undefined;
  readonly kmod: string | undefined;
}

export interface CpuFacts {
  /** `GenuineIntel`, `AuthenticAMD`, … */
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly family: number | undefined;
  readonly modelNumber: number | undefined;
  readonly threads: number | undefined;
  /** vmx or svm among the flags. */
  readonly virtualization: boolean | undefined;
  /** The host itself runs in a virtual machine. */
  readonly hypervisor: boolean | undefined;
  readonly physicalBits: number | undefined;
}

/** What QEMU asks the kernel for, as `virt-host-validate` looks at it. */
export interface VirtualizationFacts {
  /** `/dev/kvm` exists. */
  readonly kvm: boolean | undefined;
  /** Whoever asked (root, as a rule) may read and write it. */
  readonly kvmAccess: boolean | undefined;
  /** `/dev/vhost-net` exists. */
  readonly vhostNet: boolean | undefined;
  /** `/dev/net/tun` exists. */
  readonly tun: boolean | undefined;
  /** 2 where the one hierarchy of cgroup v2 is mounted, 1 for the older one. */
  readonly cgroupVersion: number | undefined;
  readonly cgroupControllers: readonly string[] | undefined;
}

export interface InitramfsImage {
  readonly kernel: string;
  readonly modifiedAt: string | undefined;
  /** Whether it carries the vfio-pci module, and its modprobe.d text; `undefined` where it could not be opened. */
  readonly hasVfioPci: boolean | undefined;
  readonly modprobeConfig: string | undefined;
}

export interface Storage {
  readonly id: string;
  readonly type: string | undefined;
  readonly content: readonly string[] | undefined;
  readonly volumes: readonly string[] | undefined;
}

export interface Bridge {
  readonly name: string;
  /** Interfaces plugged into it, bonds resolved. */
  readonly ports: readonly string[];
}

/** Something of the host's own that would be lost with a function. */
export interface HostNeed {
  readonly address: PciAddress;
  readonly kind: 'root-disk' | 'disk' | 'bridge-nic' | 'cluster-nic' | 'host-nic' | 'console' | 'usb-input';
  /** What it is: `/`, `rpool`, `vmbr0`, `enp3s0`, `tty0`, … */
  readonly detail: string;
}

export interface GuestState {
  readonly vmid: number;
  readonly kind: 'qemu' | 'lxc';
  readonly running: boolean | undefined;
}

export interface Reservation {
  readonly address: PciAddress;
  readonly vmid: number;
}

export interface ClusterFacts {
  readonly name: string | undefined;
  readonly quorate: boolean | undefined;
  readonly nodes: readonly {
    readonly name: string;
    readonly address: string | undefined;
    readonly online: boolean | undefined;
  }[];
}

export interface RomFile {
  readonly name: string;
  readonly size: number | undefined;
  /** First two bytes are 55 AA. */
  readonly validSignature: boolean | undefined;
}

export interface HostFile {
  readonly text: string;
  readonly modifiedAt: string | undefined;
}

export interface DeviceNode {
  readonly path: string;
  readonly address: PciAddress | undefined;
}

/** An inventory about which nothing is known yet; parsers fill in what they read. */
export const emptyInventory: Inventory = {
  node: undefined,
  takenAt: undefined,
  functions: [],
  complete: false,
  kernel: { release: undefined, installed: undefined, commandLine: undefined, bootedAt: undefined },
  boot: {
    efi: undefined,
    secureBoot: undefined,
    loader: undefined,
    proxmoxBootTool: undefined,
    pinnedKernel: undefined,
  },
  versions: {
    pveManager: undefined,
    qemuServer: undefined,
    qemu: undefined,
    guestCommon: undefined,
    container: undefined,
    kmod: undefined,
  },
  cpu: undefined,
  virtualization: undefined,
  memoryKiB: undefined,
  iommus: undefined,
  loadedModules: undefined,
  builtinModules: undefined,
  moduleParameters: new Map(),
  knownParameters: new Map(),
  missingModules: undefined,
  initramfs: undefined,
  storages: undefined,
  bridges: undefined,
  hostNeeds: [],
  guests: undefined,
  reservations: undefined,
  groupsWithDirectRegions: undefined,
  cluster: undefined,
  romFiles: undefined,
  files: new Map(),
  deviceNodes: undefined,
  kernelMessages: undefined,
  packages: new Map(),
  gaps: [],
};

/**
 * The short name of a device for lists: `GeForce GTX 1060 6GB`, else the device's name, else vendor, class and ids. Only
 * for graphics cards and the like is the part in brackets what people call the device; `[AHCI mode]` is not a name.
 */
export function deviceLabel(fn: PciFunction): string {
  const inBrackets = fn.deviceName && /\[([^\]]+)\]$/.exec(fn.deviceName)?.[1];
  if (inBrackets && (/^(?:03|12)/.test(fn.classId ?? '') || graphicsBrand.test(inBrackets))) return inBrackets;
  if (fn.deviceName && !/^Device\b/.test(fn.deviceName)) return fn.deviceName;
  const vendorName = fn.vendorName ?? (fn.vendorId && vendorNameOf(fn.vendorId));
  const vendor = vendorName ? shortVendor(vendorName) : undefined;
  const kind = fn.className ?? (fn.classId && classNameOf(fn.classId)) ?? 'PCI device';
  const ids = fn.vendorId && fn.deviceId ? ` ${fn.vendorId}:${fn.deviceId}` : '';
  return `${vendor ? `${vendor} ` : ''}${kind}${ids}`;
}

const graphicsBrand = /\b(?:GeForce|Quadro|RTX|Tesla|Radeon|Instinct|Arc|Iris|(?:U?HD|Xe) Graphics)\b/;

/** `NVIDIA` for `NVIDIA Corporation`, `AMD` for `Advanced Micro Devices, Inc. [AMD/ATI]`. */
export function shortVendor(name: string): string {
  const inBrackets = /\[([^\]/]+)/.exec(name)?.[1];
  return (
    inBrackets ?? name.replace(/,? (?:Inc|Corp|Co|Ltd|LLC|Corporation|Technology|Technologies|Electronics)\b.*$/i, '')
  );
}

const indexes = new WeakMap<Inventory, Map<string, PciFunction>>();

/** The function at an address, in constant time. */
export function functionAt(inventory: Inventory, address: PciAddress): PciFunction | undefined {
  let index = indexes.get(inventory);
  if (!index) {
    index = new Map(inventory.functions.map(fn => [fn.address, fn]));
    indexes.set(inventory, index);
  }
  return index.get(address);
}

/** All functions of one IOMMU group, sorted by address. */
export const groupMembers = (inventory: Inventory, group: number): readonly PciFunction[] =>
  inventory.functions.filter(fn => fn.iommuGroup === group);

/** All functions of one slot (`0000:01:00`), sorted by address. */
export const slotMembers = (inventory: Inventory, slot: string): readonly PciFunction[] =>
  inventory.functions.filter(fn => fn.address.startsWith(`${slot}.`));

/** True for what Proxmox leaves alone when it binds a group: bridges, and AMD's dummy functions of class 1300. */
export const isPassiveMember = (fn: PciFunction): boolean =>
  fn.isBridge === true || fn.classId?.startsWith('06') === true || fn.classId === '1300';

/** A function of which only the address is known. */
export const unknownFunction = (address: PciAddress): PciFunction => ({
  address,
  classId: undefined,
  className: undefined,
  vendorId: undefined,
  deviceId: undefined,
  subsystemVendorId: undefined,
  subsystemDeviceId: undefined,
  revision: undefined,
  vendorName: undefined,
  deviceName: undefined,
  subsystemName: undefined,
  driver: undefined,
  modules: undefined,
  iommuGroup: undefined,
  bootVga: undefined,
  resettable: undefined,
  resetMethods: undefined,
  numaNode: undefined,
  driverOverride: undefined,
  isBridge: undefined,
  physicalFunction: undefined,
  virtualFunctions: undefined,
  vfCount: undefined,
  vfTotal: undefined,
  mdevTypes: undefined,
  bars: undefined,
  hasRom: undefined,
  interfaces: undefined,
});
