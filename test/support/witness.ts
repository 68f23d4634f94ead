import assert from 'node:assert/strict';
import type { Inventory, PciFunction } from '../../host/inventory.ts';

/**
 * A second opinion on a host's PCI functions, asked with other means than the collector's: a process for each attribute,
 * which is slow and simple. One line a function, fields separated by `|`.
 */
export const witnessScript = `
cd /sys/bus/pci/devices || exit
for dev in *; do
  text() { cat "$dev/$1" 2>/dev/null | tr '\\n' ' '; }
  target() { test ! -e "$dev/$1" || basename "$(readlink "$dev/$1")"; }
  exists() { test ! -e "$dev/$1" || echo yes; }
  echo "$dev|$(text class)|$(text vendor)|$(text device)|$(text subsystem_vendor)|$(text subsystem_device)|$(text revision)\\
|$(target driver)|$(target iommu_group)|$(target physfn)\\
|$(for vf in $(ls -d "$dev"/virtfn* 2>/dev/null | sort -V); do basename "$(readlink "$vf")"; done | tr '\\n' ' ')\\
|$(text sriov_numvfs)|$(text sriov_totalvfs)|$(text reset_method)|$(exists reset)|$(text numa_node)|$(text boot_vga)\\
|$(exists rom)|$(exists pci_bus)|$(text driver_override)|$(awk 'NR <= 6 { print $1 "-" $2 }' "$dev/resource" | tr '\\n' ' ')\\
|$(ls "$dev/mdev_supported_types" 2>/dev/null | tr '\\n' ' ')\\
|$(ls "$dev/net" "$dev"/virtio*/net 2>/dev/null | grep -v : | grep . | sort | tr '\\n' ' ')"
done
`;

/** Asserts that a snapshot says of every function what the witness said of it. */
export function assertAgrees(inventory: Inventory, witness: string): void {
  const rows = witness.trim().split('\n');
  assert.deepEqual(
    inventory.functions.map(fn => fn.address),
    rows.map(row => row.slice(0, row.indexOf('|'))),
  );
  for (const [index, row] of rows.entries()) {
    const fn = inventory.functions[index]!;
    assert.deepEqual(seen(fn), said(row), fn.address);
  }
}

/** What the witness said of one function, in the inventory's terms. */
function said(row: string) {
  const fields = row.split('|').map(field => field.trim());
  const [, classId, vendor, device, subVendor, subDevice, revision, driver, group, pf, vfs, vfCount, vfTotal] = fields;
  const [methods, reset, numa, bootVga, rom, bridge, override, resources, mdevTypes, networks] = fields.slice(13);
  const noSubsystem = `${subVendor}${subDevice}` === '0x00000x0000' || !subVendor;
  return {
    classId: classId!.slice(2, 6),
    ids: [vendor!.slice(2), device!.slice(2)],
    subsystem: noSubsystem ? [undefined, undefined] : [subVendor!.slice(2), subDevice!.slice(2)],
    revision: revision!.slice(2),
    driver: driver || null,
    group: group ? Number(group) : null,
    pf: pf || undefined,
    vfs: vfTotal ? words(vfs!) : undefined,
    vfCount: vfTotal ? Number(vfCount) : undefined,
    vfTotal: vfTotal ? Number(vfTotal) : undefined,
    methods: words(methods!),
    reset: reset === 'yes',
    numa: numa && !numa.startsWith('-') ? Number(numa) : undefined,
    bootVga: bootVga === '1',
    rom: rom === 'yes',
    bridge: bridge === 'yes',
    override: override === '(null)' ? undefined : override,
    bars: words(resources!).flatMap(barOf),
    mdevTypes: words(mdevTypes!),
    networks: words(networks!),
  };
}

function seen(fn: PciFunction): ReturnType<typeof said> {
  const noSubsystem = fn.subsystemVendorId === undefined;
  return {
    classId: fn.classId!,
    ids: [fn.vendorId!, fn.deviceId!],
    subsystem: noSubsystem ? [undefined, undefined] : [fn.subsystemVendorId!, fn.subsystemDeviceId!],
    revision: fn.revision!,
    driver: fn.driver ?? null,
    group: fn.iommuGroup ?? null,
    pf: fn.physicalFunction,
    vfs: fn.virtualFunctions && [...fn.virtualFunctions],
    vfCount: fn.vfCount,
    vfTotal: fn.vfTotal,
    methods: [...(fn.resetMethods ?? [])],
    reset: fn.resettable === true,
    numa: fn.numaNode,
    bootVga: fn.bootVga === true,
    rom: fn.hasRom === true,
    bridge: fn.isBridge === true,
    override: fn.driverOverride,
    bars: (fn.bars ?? []).map(bar => `${bar.index} ${bar.size}`),
    mdevTypes: (fn.mdevTypes ?? []).map(type => type.id),
    networks: (fn.interfaces ?? []).filter(name => /^e(?:n|th)/.test(name)).sort(),
  };
}

const words = (text: string): string[] => text.split(' ').filter(word => word !== '');

/** `0xSTART-0xEND` as `INDEX SIZE`; an empty BAR ends at 0. */
function barOf(range: string, index: number): string[] {
  const [start, end] = range.split('-').map(BigInt);
  return end ? [`${index} ${end - start! + 1n}`] : [];
}
