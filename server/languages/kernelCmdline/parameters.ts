/** The facts about kernel parameters that checks need. What is only shown or offered is in the data file. */

/** True for parameters that decide about IOMMU, vfio, the drivers of devices for guests and memory for them. */
export const concernsPassthrough = (id: string): boolean => names.has(id) || modules.has(id.slice(0, id.indexOf('.')));

/** True for the two parameters whose value is a list of modules. */
export const isBlacklist = (id: string): boolean => id === 'module_blacklist' || id === 'modprobe.blacklist';

const names: ReadonlySet<string> = new Set([
  'iommu',
  'intel_iommu',
  'amd_iommu',
  'amd_iommu_intr',
  'iommu.passthrough',
  'iommu.strict',
  'intremap',
  'pcie_acs_override',
  'pci_acs_override',
  'pci',
  'pcie_aspm',
  'pcie_ports',
  'pcie_port_pm',
  'module_blacklist',
  'modprobe.blacklist',
  'initcall_blacklist',
  'video',
  'nomodeset',
  'default_hugepagesz',
  'hugepagesz',
  'hugepages',
  'isolcpus',
  'nohz_full',
  'rcu_nocbs',
]);

const modules: ReadonlySet<string> = new Set([
  'vfio',
  'vfio_pci',
  'vfio_iommu_type1',
  'i915',
  'xe',
  'nouveau',
  'nvidia',
  'nvidia_drm',
  'amdgpu',
  'radeon',
  'kvm',
  'kvm_intel',
  'kvm_amd',
]);

/**
 * What the IOMMU parameters take. The kernel compares beginnings only (`onward` counts as `on`), and asks again at every
 * comma. Sources: arch/x86/kernel/pci-dma.c and amd_gart_64.c, drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c of
 * Linux 5.15 to 7.0; `relax_rmrr` is in Proxmox kernels, `intgpu_off` in Debian's.
 */
export const iommuValues: Readonly<Record<string, readonly string[]>> = {
  iommu: [
    'off',
    'force',
    'noforce',
    'biomerge',
    'panic',
    'nopanic',
    'merge',
    'nomerge',
    'forcesac',
    'allowdac',
    'nodac',
    'usedac',
    'soft',
    'pt',
    'nopt',
    'fullflush',
    'nofullflush',
    'noagp',
    'noaperture',
    'memaper',
    'leak',
    'calgary',
    'nobypass',
  ],
  intel_iommu: [
    'on',
    'off',
    'igfx_off',
    'intgpu_off',
    'forcedac',
    'strict',
    'sp_off',
    'sm_on',
    'sm_off',
    'tboot_noforce',
    'relax_rmrr',
  ],
  amd_iommu: [
    'off',
    'fullflush',
    'force_enable',
    'force_isolation',
    'pgtbl_v1',
    'pgtbl_v2',
    'irtcachedis',
    'nohugepages',
    'v2_pgsizes_only',
  ],
};

/** The spelling of `amd_iommu` that people use and that means nothing: the AMD IOMMU is on unless told otherwise. */
export const amdIommuNoops: ReadonlySet<string> = new Set(['on', 'pt']);

/** True where the kernel takes a value of an IOMMU parameter. */
export function isIommuValue(id: string, value: string): boolean {
  if (id === 'iommu' && /^\d/.test(value)) return true; // size of the GART aperture
  return iommuValues[id]?.some(known => value.startsWith(known)) ?? true;
}

/** True for one value of a parameter that switches the IOMMU off on x86. */
export const disablesIommu = (id: string, value: string): boolean =>
  id in iommuValues && (value.startsWith('off') || (id === 'iommu' && value.startsWith('soft')));

/** Names that are worth a "did you mean": a slip in one of them makes passthrough fail without any message. */
export const importantNames: readonly string[] = [
  'iommu',
  'intel_iommu',
  'amd_iommu',
  'pcie_acs_override',
  'vfio-pci.ids',
  'vfio-pci.disable_vga',
  'initcall_blacklist',
  'module_blacklist',
  'modprobe.blacklist',
  'default_hugepagesz',
  'hugepagesz',
  'hugepages',
];

/** Parameters for tests on glued words (`quiet,iommu=pt`): names that are never an item of another one's list. */
export const standaloneNames: ReadonlySet<string> = new Set([
  ...importantNames.map(name => name.replaceAll('-', '_')),
  'quiet',
  'splash',
  'nomodeset',
  'mitigations',
  'pcie_aspm',
]);

/** What a boot loader or the installer puts on the line; it is no decision of the user about devices. */
export const isBootPlumbing = (id: string): boolean =>
  id === 'BOOT_IMAGE' || id === 'initrd' || id === 'root' || id === 'ro' || id === 'rw' || id === 'boot';
