import type {
  Bridge,
  ClusterFacts,
  CpuFacts,
  DeviceNode,
  GuestState,
  HostFile,
  HostNeed,
  InitramfsImage,
  Reservation,
  RomFile,
  Storage,
  VirtualizationFacts,
} from './inventory.ts';
import { emptyInventory } from './inventory.ts';
import { indented, readFunctions, writeFunctions } from './snapshotFunctions.ts';
import { facts, hostFacts, names, pairs, records, type SectionFormat } from './snapshotSections.ts';
import { quoteLine, quoteText } from './snapshotText.ts';
import {
  address,
  flag,
  integer,
  lines,
  list,
  oneOf,
  orNone,
  quote,
  readFields,
  text,
  unquote,
  word,
  writeFields,
} from './snapshotValues.ts';

const noCpuFacts: CpuFacts = {
  vendor: undefined,
  model: undefined,
  family: undefined,
  modelNumber: undefined,
  threads: undefined,
  virtualization: undefined,
  hypervisor: undefined,
  physicalBits: undefined,
};

const noVirtualization: VirtualizationFacts = {
  kvm: undefined,
  kvmAccess: undefined,
  vhostNet: undefined,
  tun: undefined,
  cgroupVersion: undefined,
  cgroupControllers: undefined,
};

const noCluster: ClusterFacts = { name: undefined, quorate: undefined, nodes: [] };

/** The host itself: name, kernel, how it boots, what is installed. */
const hostSections: readonly SectionFormat[] = [
  hostFacts('host', {
    node: ['node', text],
    takenAt: ['taken', text],
    memoryKiB: ['memory-kib', integer],
    iommus: ['iommu', list(word)],
  }),
  facts(
    'kernel',
    'kernel',
    {
      release: ['release', text],
      bootedAt: ['booted', text],
      commandLine: ['command-line', text],
      installed: ['installed', list(word)],
    },
    emptyInventory.kernel,
  ),
  facts(
    'boot',
    'boot',
    {
      efi: ['efi', flag],
      secureBoot: ['secure-boot', flag],
      loader: ['loader', oneOf('grub', 'systemd-boot')],
      proxmoxBootTool: ['proxmox-boot-tool', flag],
      pinnedKernel: ['pinned-kernel', text],
    },
    emptyInventory.boot,
  ),
  facts(
    'versions',
    'versions',
    {
      pveManager: ['pve-manager', text],
      qemuServer: ['qemu-server', text],
      qemu: ['qemu', text],
      guestCommon: ['guest-common', text],
      container: ['container', text],
      kmod: ['kmod', text],
    },
    emptyInventory.versions,
  ),
  facts(
    'cpu',
    'cpu',
    {
      vendor: ['vendor', text],
      model: ['model', text],
      family: ['family', integer],
      modelNumber: ['model-number', integer],
      threads: ['threads', integer],
      virtualization: ['virtualization', flag],
      hypervisor: ['hypervisor', flag],
      physicalBits: ['physical-bits', integer],
    },
    noCpuFacts,
  ),
  facts(
    'virtualization',
    'virtualization',
    {
      kvm: ['kvm', flag],
      kvmAccess: ['kvm-access', flag],
      vhostNet: ['vhost-net', flag],
      tun: ['tun', flag],
      cgroupVersion: ['cgroup', integer],
      cgroupControllers: ['controllers', list(word)],
    },
    noVirtualization,
  ),
];

const functionsSection: SectionFormat = {
  name: 'pci functions',
  usableInPart: true,
  read(section, draft, problem) {
    draft.functions = readFunctions(section, problem);
    draft.complete = section.status === 'ok' && !section.cut;
  },
  write: ({ functions, complete }) => (functions.length || complete ? writeFunctions(functions) : undefined),
};

/** What the host does with its devices. */
const useSections: readonly SectionFormat[] = [
  records<HostNeed>(
    'host needs',
    {
      head: ['address', address],
      fields: {
        kind: ['kind', oneOf('root-disk', 'disk', 'bridge-nic', 'cluster-nic', 'host-nic', 'console', 'usb-input')],
        detail: ['detail', text],
      },
      blank: {},
    },
    ({ hostNeeds }) => (hostNeeds.length ? hostNeeds : undefined),
    (draft, items) => {
      draft.hostNeeds = items;
    },
  ),
  records<Bridge>(
    'bridges',
    { head: ['name', text], fields: { ports: ['ports', list(word)] }, blank: { ports: [] } },
    inventory => inventory.bridges,
    (draft, items) => {
      draft.bridges = items;
    },
  ),
  records<Storage>(
    'storages',
    {
      head: ['id', text],
      fields: { type: ['type', text], content: ['content', list(word)], volumes: ['volume', lines(text)] },
      blank: { type: undefined, content: undefined, volumes: undefined },
    },
    inventory => inventory.storages,
    (draft, items) => {
      draft.storages = items;
    },
  ),
  records<GuestState>(
    'guests',
    {
      head: ['vmid', integer],
      fields: { kind: ['kind', oneOf('qemu', 'lxc')], running: ['running', flag] },
      blank: { running: undefined },
    },
    inventory => inventory.guests,
    (draft, items) => {
      draft.guests = items;
    },
  ),
  records<Reservation>(
    'reservations',
    { head: ['address', address], fields: { vmid: ['vmid', integer] }, blank: {} },
    inventory => inventory.reservations,
    (draft, items) => {
      draft.reservations = items;
    },
  ),
  facts('cluster', 'cluster', { name: ['name', text], quorate: ['quorate', flag] }, noCluster),
  records<ClusterFacts['nodes'][number]>(
    'cluster nodes',
    {
      head: ['name', text],
      fields: { address: ['address', text], online: ['online', flag] },
      blank: { address: undefined, online: undefined },
    },
    inventory => inventory.cluster?.nodes,
    (draft, nodes) => {
      draft.cluster = { ...noCluster, ...draft.cluster, nodes };
    },
  ),
  records<RomFile>(
    'rom files',
    {
      head: ['name', text],
      fields: { size: ['size', integer], validSignature: ['signature', flag] },
      blank: { size: undefined, validSignature: undefined },
    },
    inventory => inventory.romFiles,
    (draft, items) => {
      draft.romFiles = items;
    },
  ),
  records<DeviceNode>(
    'device nodes',
    { head: ['path', text], fields: { address: ['pci', address] }, blank: { address: undefined } },
    inventory => inventory.deviceNodes,
    (draft, items) => {
      draft.deviceNodes = items;
    },
  ),
  records<{ readonly group: number }>(
    'direct regions',
    { head: ['group', integer], fields: {}, blank: {} },
    ({ groupsWithDirectRegions }) => groupsWithDirectRegions?.map(group => ({ group })),
    (draft, items) => {
      draft.groupsWithDirectRegions = items.map(item => item.group);
    },
  ),
];

/** Packages and kernel modules. */
const softwareSections: readonly SectionFormat[] = [
  pairs(
    'packages',
    orNone(text),
    ({ packages }) => [...packages].map(([name, version]) => [name, version ?? null] as const),
    (draft, entries) => {
      draft.packages = new Map(entries.map(([name, version]) => [name, version ?? undefined]));
    },
  ),
  records<InitramfsImage>(
    'initramfs',
    {
      head: ['kernel', text],
      fields: {
        modifiedAt: ['modified', text],
        hasVfioPci: ['vfio-pci', flag],
        modprobeConfig: ['modprobe-config', text],
      },
      blank: { modifiedAt: undefined, hasVfioPci: undefined, modprobeConfig: undefined },
    },
    inventory => inventory.initramfs,
    (draft, items) => {
      draft.initramfs = items;
    },
  ),
  {
    name: 'module parameters',
    usableInPart: true,
    read(section, draft, problem) {
      const modules = new Map<string, Map<string, string>>();
      for (const { head } of section.records) {
        const [, module, name, value] = /^([^\s.:"]+)(?:\.([^\s:"]+))?:(?: (.*))?$/s.exec(head) ?? [];
        if (module === undefined) problem(`"${head}" is not understood`);
        else if (name === undefined) modules.set(module, new Map());
        else modules.set(module, (modules.get(module) ?? new Map<string, string>()).set(name, unquote(value ?? '')));
      }
      draft.moduleParameters = modules;
    },
    write({ moduleParameters }) {
      const lines = [...moduleParameters].flatMap(([module, parameters]) =>
        parameters.size
          ? [...parameters].map(([name, value]) => `${module}.${name}: ${quote(value)}`)
          : [`${module}: none`],
      );
      return lines.length ? lines : undefined;
    },
  },
  pairs(
    'known parameters',
    list(word),
    inventory => inventory.knownParameters,
    (draft, entries) => {
      draft.knownParameters = new Map(entries);
    },
  ),
  names('missing modules', 'missingModules'),
  names('loaded modules', 'loadedModules'),
  names('builtin modules', 'builtinModules'),
];

/** Texts that are carried word for word. */
const textSections: readonly SectionFormat[] = [
  {
    name: 'kernel messages',
    usableInPart: true,
    read(section, draft) {
      draft.kernelMessages = section.lines;
    },
    write: ({ kernelMessages }) => kernelMessages?.map(quoteLine),
  },
  {
    name: 'files',
    usableInPart: true,
    read(section, draft, problem) {
      // Of a text that was cut the last file may be half a file, and half a file would be judged as a whole one.
      const records = section.cut ? section.records.slice(0, -1) : section.records;
      const whole = records.filter(record => !record.incomplete);
      draft.files = new Map(
        whole.map(record => {
          const file = { text: record.text ?? '', modifiedAt: undefined };
          readFields<Omit<HostFile, 'text'>>(fileFields, record.values, file, problem);
          return [unquote(record.head), file];
        }),
      );
    },
    write({ files }) {
      const lines = [...files].flatMap(([path, file]) => [
        quote(path),
        ...indented(writeFields<Omit<HostFile, 'text'>>(fileFields, file)),
        ...quoteText(file.text),
      ]);
      return lines.length ? lines : undefined;
    },
  },
  {
    name: 'gaps',
    usableInPart: true,
    read(section, draft) {
      draft.gaps = section.lines;
    },
    write: ({ gaps }) => (gaps.length ? gaps.map(quoteLine) : undefined),
  },
];

const fileFields = { modifiedAt: ['modified', text] } as const;

/** All sections of format 1 in the order in which a person wants to read them. */
export const sectionFormats: readonly SectionFormat[] = [
  ...hostSections,
  functionsSection,
  ...useSections,
  ...softwareSections,
  ...textSections,
];
