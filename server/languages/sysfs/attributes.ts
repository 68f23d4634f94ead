import type { PciFunction } from '../../../host/inventory.ts';

/** What an attribute of sysfs takes and does, in our words. */
export interface Attribute {
  readonly doc: string;
  readonly values?: Readonly<Record<string, string>>;
  /** Values that depend on the device. */
  choices?(fn: PciFunction): readonly string[];
  /** What it takes where that is no list. */
  readonly takes?: string;
}

/** Attributes of every PCI function that are worth setting at boot. */
export const pciAttributes: Readonly<Record<string, Attribute>> = {
  sriov_numvfs: {
    doc: 'Number of virtual functions (VFs). Going from one number to another needs a 0 between them; more than `sriov_totalvfs` is refused. The function must be bound to its own driver.',
    takes: '0 to sriov_totalvfs',
  },
  sriov_drivers_autoprobe: {
    doc: 'Whether new VFs are bound to their driver at once.',
    values: { '1': 'Yes (default).', '0': 'No: they stay free for guests.' },
  },
  driver_override: {
    doc: 'The only driver that may bind this function. Set before the driver binds; it picks one of two cards with the same id.',
    choices: fn => ['vfio-pci', ...(fn.modules ?? [])],
  },
  reset_method: {
    doc: 'The ways to reset the function, in the order in which they are tried. Kernel 5.15 and newer.',
    choices: fn => [...new Set([...(fn.resetMethods ?? []), 'device_specific'])],
  },
  d3cold_allowed: {
    doc: 'Whether the device may lose its power. 0 helps against cards that do not wake up again.',
    values: { '0': 'Never.', '1': 'Allowed (default).' },
  },
  'power/control': {
    doc: 'Runtime power management.',
    values: { on: 'The device stays awake.', auto: 'It may sleep when idle.' },
  },
  numa_node: { doc: 'The NUMA node, where the firmware says it wrong.', takes: 'a node number' },
  msi_bus: { doc: 'Whether message signalled interrupts are used below it.', values: { '1': 'Yes.', '0': 'No.' } },
  broken_parity_status: {
    doc: 'Whether parity errors of the device are ignored.',
    values: { '1': 'Yes.', '0': 'No.' },
  },
  resource0_resize: { doc: 'Size of memory window 0 (resizable BAR), as a power of two in MiB.', takes: 'a number' },
  resource1_resize: { doc: 'Size of memory window 1 (resizable BAR), as a power of two in MiB.', takes: 'a number' },
  remove: {
    doc: 'Takes the device away from the system until the bus is scanned again.',
    values: { '1': 'Remove it now.' },
  },
};

/** Attributes of a network interface. */
export const interfaceAttributes: Readonly<Record<string, Attribute>> = {
  mtu: { doc: 'Largest packet; belongs in /etc/network/interfaces.', takes: 'bytes' },
  tx_queue_len: { doc: 'Length of the transmit queue.', takes: 'packets' },
  'device/sriov_numvfs': pciAttributes.sriov_numvfs as Attribute,
  'device/sriov_drivers_autoprobe': pciAttributes.sriov_drivers_autoprobe as Attribute,
};

/** Paths that every host has. */
export const generalPaths: Readonly<Record<string, Attribute>> = {
  'devices/system/cpu/cpu*/cpufreq/scaling_governor': {
    doc: 'How CPU frequencies are chosen.',
    values: {
      performance: 'Always high.',
      powersave: 'Low, or by the CPU itself.',
      schedutil: 'By load.',
      ondemand: 'By load.',
    },
  },
  'devices/system/cpu/cpu*/cpufreq/energy_performance_preference': {
    doc: 'What the CPU prefers.',
    values: {
      performance: 'Speed.',
      balance_performance: 'Rather speed.',
      balance_power: 'Rather saving.',
      power: 'Saving.',
    },
  },
  'devices/system/cpu/intel_pstate/no_turbo': { doc: 'Turbo frequencies.', values: { '1': 'Off.', '0': 'On.' } },
  'devices/system/cpu/smt/control': { doc: 'SMT.', values: { on: 'On.', off: 'Off.' } },
  'kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': { doc: 'Number of 2 MiB huge pages.', takes: 'a number' },
  'kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': {
    doc: 'Number of 1 GiB huge pages. Once memory is fragmented few are found: the kernel command line is safer.',
    takes: 'a number',
  },
  'kernel/mm/transparent_hugepage/enabled': {
    doc: 'Whether the kernel makes huge pages on its own.',
    values: { always: 'For all programs.', madvise: 'Where a program asks.', never: 'Never.' },
  },
  'kernel/mm/ksm/run': {
    doc: 'Sharing of equal memory pages (KSM).',
    values: { '1': 'On.', '0': 'Off.', '2': 'Off, and undone.' },
  },
  'module/pcie_aspm/parameters/policy': {
    doc: 'Power saving on PCIe links.',
    values: {
      default: 'As the firmware set it.',
      performance: 'None.',
      powersave: 'L0s and L1.',
      powersupersave: 'L1 substates too.',
    },
  },
  'module/kvm/parameters/ignore_msrs': {
    doc: 'Unknown model-specific registers of guests.',
    values: { Y: 'Ignored.', N: 'A fault in the guest.' },
  },
  'bus/usb/devices/usb*/power/control': {
    doc: 'Power saving of USB ports.',
    values: { on: 'None.', auto: 'Idle ports sleep.' },
  },
  'class/block/*/queue/scheduler': {
    doc: 'I/O scheduler of disks.',
    values: { none: 'None.', 'mq-deadline': 'By deadline.', bfq: 'Fair.', kyber: 'By latency.' },
  },
  'power/mem_sleep': { doc: 'What sleep means.', values: { s2idle: 'Idle.', deep: 'Suspend to memory.' } },
};

/** What is known of a path: the attribute of a device, of an interface, or a path of its own. */
export function attributeOf(path: string): Attribute | undefined {
  const bare = path.replace(/^\/+/, '').replace(/\/{2,}/g, '/');
  if (Object.hasOwn(generalPaths, bare)) return generalPaths[bare];
  const parts = bare.split('/');
  const address = parts.findLastIndex(part => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/.test(part));
  const isClassDevice = parts[0] === 'class' && parts[3] === 'device';
  if (address !== -1 || isClassDevice) {
    const name = parts.slice(isClassDevice ? 4 : address + 1).join('/');
    return Object.hasOwn(pciAttributes, name) ? pciAttributes[name] : undefined;
  }
  const ofInterface = /^class\/net\/[^/]+\/(.+)$/.exec(bare)?.[1] ?? '';
  if (Object.hasOwn(interfaceAttributes, ofInterface)) return interfaceAttributes[ofInterface];
  return Object.entries(generalPaths).find(([pattern]) => sameShape(pattern, bare))?.[1];
}

/** `cpu*` in a known path stands for `cpu0`, and for itself. */
function sameShape(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return (
    wanted.length === parts.length &&
    wanted.every(
      (part, at) => part === parts[at] || (part.endsWith('*') && (parts[at] as string).startsWith(part.slice(0, -1))),
    )
  );
}
