/**
 * The rules whose findings decide about a step: their ids, or `area/*` for those of an area that no other step names. Every
 * rule about VMs and the host's files has its place here, so that nothing that is reported is missing on the way.
 */
export const stepRules = {
  // Firmware
  'cpu-virtualization': ['firmware/vt-disabled', 'cpu/nested-virt-without-support'],
  'iommu-hardware': [],
  'interrupt-remapping': ['firmware/irq-remapping-missing'],
  'unsafe-interrupts': ['modprobe/unsafe-interrupts'],

  // Kernel
  'boot-loader': ['boot/wrong-file-grub', 'boot/wrong-file-kernel-cmdline'],
  'boot-files': ['boot/*', 'cmdline/*'],
  'iommu-parameter': [
    'cmdline/iommu-disabled',
    'cmdline/intel-iommu-missing',
    'cmdline/unknown-iommu-value',
    'cmdline/amd-iommu-on-noop',
    'cmdline/wrong-vendor-iommu',
  ],
  'command-line-applied': ['boot/not-applied'],
  'iommu-on': ['firmware/iommu-absent', 'iommu/ivrs-dmar-firmware-bug'],
  'iommu-mode': [],
  'next-kernel': [],

  // KVM
  'kvm-device': [],
  'vhost-net': [],
  tun: [],
  'cgroup-controllers': [],
  'secure-guest': [],

  // Modules
  'vfio-modules': ['modules/vfio-virqfd-obsolete', 'modules/vfio-order'],
  'module-files': ['modules/*', 'modprobe/*'],
  'options-in-effect': [],
  'initramfs-current': ['initramfs/stale', 'initramfs/only-current-kernel'],
  'esp-copies': [],
  'signed-modules': [],
  'interface-names': ['drift/nic-renamed'],

  // Device
  'device-present': ['drift/device-gone', 'sriov/absent-pf', 'firmware/vmd-hides-nvme', 'hostpci/no-free-alternative'],
  'device-identity': ['drift/device-identity-changed'],
  'device-kind': ['hostpci/bridge-passed'],
  'iommu-group': [],
  'group-isolation': [
    'iommu/group-takes-host-device',
    'iommu/group-not-viable',
    'iommu/group-partial',
    'iommu/group-split-across-vms',
    'iommu/multi-port-nic-shared',
    'iommu/groups-merged-by-kernel',
  ],
  'acs-override': ['cmdline/acs-override-in-use', 'cmdline/acs-override-typo'],
  'reserved-memory': ['firmware/rmrr-ineligible'],
  'host-needs': [
    'bind/nvme-boot-disk',
    'bind/vmbr-nic',
    'bind/usb-controller-of-keyboard',
    'bind/only-gpu-passed',
    'modprobe/ids-catch-host-device',
    'modprobe/blacklist-too-wide',
    'cmdline/module-blacklist-list',
  ],
  'driver-now': ['bind/driver-override-stale', 'bind/vfio-denylist', 'hostpci/driver-key', 'mdev/parent-on-vfio'],
  'driver-after-boot': [
    'bind/host-driver-at-boot',
    'cmdline/ids-builtin-vs-module',
    'cmdline/blacklist-dash',
    'modprobe/blacklist-ineffective',
    'modprobe/blacklist-many',
    'modprobe/ids-multiple-options',
    'modprobe/ids-partial-function',
    'modprobe/ids-separator',
    'modprobe/ids-too-long',
    'modprobe/ids-unknown-device',
    'modprobe/softdep-incomplete',
    'modprobe/softdep-inverted',
    'modprobe/softdep-missing-keyword',
    'modprobe/softdep-repeated',
    'modprobe/wildcard-name',
  ],
  'kernel-faults': ['bind/amdgpu-unbind-hang', 'bind/pm-less-device-regression', 'iommu/igpu-dmar-quirk'],
  reset: ['bind/no-reset', 'bind/vendor-reset-not-configured'],
  power: [],
  'memory-windows': [
    'firmware/above-4g-rebar',
    'bind/bar-reserved-bootfb',
    'cmdline/sysfb-blacklist-side-effect',
    'cmdline/efifb-off-noop',
  ],
  'virtual-functions': ['sriov/*', 'cmdline/i915-sriov-params-without-dkms'],
  'virtual-functions-at-boot': ['sysfs/*'],
  'mediated-type': ['mdev/*', 'cmdline/i915-gvt-unsupported'],
  'mediated-driver': [],

  // Guest
  'guest-devices': ['hostpci/*', 'vmconf/pending-hostpci', 'vmconf/locked', 'args/raw-vfio-device'],
  mapping: ['mapping/*', 'hostpci/mapping-not-found', 'hostpci/mapping-unusable', 'conflict/mapping-too-few'],
  machine: ['hostpci/pcie-needs-q35', 'hostpci/q35-without-pcie', 'vm/viommu-intel-i440fx', 'machine/*'],
  'guest-firmware': ['vm/*', 'firmware/csm-legacy-vga'],
  rom: [
    'hostpci/romfile-missing',
    'hostpci/romfile-invalid',
    'hostpci/romfile-ineffective',
    'hostpci/romfile-outside-directory',
  ],
  display: [
    'hostpci/x-vga-misuse',
    'hostpci/no-console-left',
    'hostpci/legacy-igd-rules',
    'hostpci/legacy-igd-generation',
    'modprobe/disable-vga-igd',
    'vga/*',
  ],
  'guest-cpu': ['cpu/*', 'args/*'],
  'guest-memory': ['memory/*', 'cmdline/hugepages-order'],
  'guest-lines': ['vmconf/*', 'drive/*', 'net/*', 'numa/*', 'usb/*', 'serial/*', 'virtiofs/*'],

  // Others
  'other-guests': [
    'conflict/same-device-two-vms',
    'usb/controller-also-passed',
    'backup/stopped-vm-grabs-device',
    'lxc/vm-takes-shared-gpu',
    'modprobe/blacklist-vs-lxc',
  ],
  'held-now': [],
  migration: ['migrate/*', 'ha/*'],
  snapshots: [],
  rights: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StepId = keyof typeof stepRules;

/** The step that a rule's findings belong to; `undefined` for rules that have nothing to do with passing devices on. */
export function stepOfRule(rule: string): StepId | undefined {
  return exact.get(rule) ?? byArea.get(rule.slice(0, rule.indexOf('/')));
}

const exact = new Map<string, StepId>();
const byArea = new Map<string, StepId>();
for (const [step, patterns] of Object.entries(stepRules)) {
  for (const pattern of patterns as readonly string[]) {
    if (pattern.endsWith('/*')) byArea.set(pattern.slice(0, -2), step as StepId);
    else exact.set(pattern, step as StepId);
  }
}
