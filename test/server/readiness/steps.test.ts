import assert from 'node:assert/strict';
import { assess } from '../../../server/readiness/assess.ts';
import type { StepState, Subject } from '../../../server/readiness/readiness.ts';
import type { StepId } from '../../../server/readiness/stepRules.ts';
import { guestUri, host, hostUri, readinessOf, run, siteOf, stepOf, textOf, vm } from './support.ts';

/** Each step in the states that it can be in: with what it says for it, and what is to be done. */

interface Case {
  readonly step: StepId;
  readonly state: StepState;
  readonly says: RegExp;
  /** Lines of the VM, `hostpci0: 01:00.0` where absent. */
  readonly vm?: string;
  readonly files?: string;
  /** Sections of the snapshot; nothing is known of the host where absent. */
  readonly host?: readonly string[];
  readonly subject?: Subject;
}

const intel = '== cpu: ok\nvendor: GenuineIntel\nvirtualization: yes\nhypervisor: no';
const amd = '== cpu: ok\nvendor: AuthenticAMD\nvirtualization: yes\nhypervisor: no';
const kernel = (line: string, release = '6.17.13-2-pve'): string =>
  `== kernel: ok\nrelease: ${release}\nbooted: 2026-08-21T06:00:00Z\ncommand-line: ${line}`;
const grub = '== boot: ok\nefi: yes\nsecure-boot: no\nloader: grub\nproxmox-boot-tool: no';
const grubFile = (line: string): string => `--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\n`;
const iommu = (units: string): string => `iommu: ${units}`;
const messages = (...lines: readonly string[]): string =>
  `== kernel messages: ok\n${lines.map(line => `  | ${line}`).join('\n')}`;
const gpu = (more = '', sibling = ''): string =>
  `== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 2584\n${more}${sibling}`;
const nic = (more: string): string =>
  `== pci functions: ok\n0000:01:00.0\n  class: 0200\n  vendor: 8086\n  device: 1539\n${more}`;
const device: Subject = { kind: 'device', host: hostUri, address: '0000:01:00.0' };

const cases: readonly Case[] = [
  // Firmware
  { step: 'cpu-virtualization', state: 'unknown', says: /Nothing is known of the host/ },
  { step: 'cpu-virtualization', state: 'unknown', says: /vmx\|svm/, host: [kernel('quiet')] },
  { step: 'cpu-virtualization', state: 'passed', says: /VT-x/, host: [intel] },
  {
    step: 'cpu-virtualization',
    state: 'failed',
    says: /SVM.*firmware/,
    host: [amd.replace('virtualization: yes', 'virtualization: no')],
  },
  { step: 'iommu-hardware', state: 'passed', says: /kernel uses it/, host: [iommu('dmar0')] },
  { step: 'iommu-hardware', state: 'failed', says: /AMD-Vi/, host: [iommu('none'), amd, kernel('quiet')] },
  {
    step: 'iommu-hardware',
    state: 'passed',
    says: /DMAR 0x/,
    host: [iommu('none'), intel, kernel('intel_iommu=off'), messages('ACPI: DMAR 0x0000 (v01)')],
  },
  {
    step: 'iommu-hardware',
    state: 'unknown',
    says: /does not use/,
    host: [iommu('none'), intel, kernel('intel_iommu=off')],
  },
  {
    step: 'interrupt-remapping',
    state: 'passed',
    says: /x2apic/,
    host: [messages('DMAR-IR: Enabled IRQ remapping in x2apic mode')],
  },
  {
    step: 'interrupt-remapping',
    state: 'passed',
    says: /AMD-Vi/,
    host: [messages('AMD-Vi: Interrupt remapping enabled')],
  },
  {
    step: 'interrupt-remapping',
    state: 'failed',
    says: /last resort/,
    host: [messages('DMAR-IR: Failed to enable irq remapping. You are vulnerable')],
  },
  {
    step: 'interrupt-remapping',
    state: 'warning',
    says: /goes on without/,
    host: [
      messages('DMAR-IR: Failed to enable irq remapping'),
      '== module parameters: ok\nvfio_iommu_type1.allow_unsafe_interrupts: Y',
    ],
  },
  { step: 'interrupt-remapping', state: 'unknown', says: /do not speak/, host: [messages('vfio: hello')] },
  { step: 'interrupt-remapping', state: 'skipped', says: /no IOMMU/, host: [iommu('none')] },
  {
    step: 'unsafe-interrupts',
    state: 'passed',
    says: /is N/,
    host: ['== module parameters: ok\nvfio_iommu_type1.allow_unsafe_interrupts: N'],
  },
  {
    step: 'unsafe-interrupts',
    state: 'warning',
    says: /vfio\.conf:1/,
    host: [messages('DMAR-IR: Enabled IRQ remapping')],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio_iommu_type1 allow_unsafe_interrupts=1\n',
  },
  {
    step: 'unsafe-interrupts',
    state: 'passed',
    says: /needed here/,
    host: [messages('DMAR-IR: Failed to enable irq remapping')],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio_iommu_type1 allow_unsafe_interrupts\n',
  },

  // Kernel
  { step: 'boot-loader', state: 'passed', says: /\/etc\/default\/grub/, host: [grub] },
  { step: 'boot-loader', state: 'unknown', says: /proxmox-boot-tool status/, host: ['== boot: ok\nefi: yes'] },
  {
    step: 'iommu-parameter',
    state: 'failed',
    says: /intel_iommu=off/,
    host: [grub, intel, kernel('BOOT_IMAGE=/x quiet')],
    files: grubFile('quiet intel_iommu=off'),
  },
  {
    step: 'iommu-parameter',
    state: 'passed',
    says: /by itself/,
    host: [grub, intel, kernel('quiet')],
    files: grubFile('quiet'),
  },
  {
    step: 'iommu-parameter',
    state: 'failed',
    says: /Add intel_iommu=on/,
    host: [grub, intel, kernel('quiet', '6.5.13-6-pve')],
    files: grubFile('quiet'),
  },
  {
    step: 'iommu-parameter',
    state: 'passed',
    says: /AMD: on/,
    host: [grub, amd, kernel('quiet')],
    files: grubFile('quiet'),
  },
  {
    step: 'command-line-applied',
    state: 'passed',
    says: /iommu=pt/,
    host: [grub, kernel('BOOT_IMAGE=/x iommu=pt')],
    files: grubFile('iommu=pt'),
  },
  {
    step: 'command-line-applied',
    state: 'warning',
    says: /update-grub/,
    host: [grub, kernel('BOOT_IMAGE=/x quiet')],
    files: grubFile('quiet iommu=pt'),
  },
  {
    step: 'command-line-applied',
    state: 'unknown',
    says: /cannot|not known/,
    host: [grub, kernel('BOOT_IMAGE=/x quiet')],
  },
  { step: 'iommu-on', state: 'passed', says: /dmar0/, host: [iommu('dmar0')] },
  {
    step: 'iommu-on',
    state: 'failed',
    says: /Remove intel_iommu=off/,
    host: [iommu('none'), intel, kernel('intel_iommu=off'), grub],
  },
  {
    step: 'iommu-on',
    state: 'warning',
    says: /off after the next boot/,
    host: [iommu('dmar0'), intel, grub, kernel('BOOT_IMAGE=/x quiet')],
    files: grubFile('iommu=off'),
  },
  { step: 'iommu-on', state: 'unknown', says: /ls \/sys\/class\/iommu/, host: [intel] },
  {
    step: 'next-kernel',
    state: 'passed',
    says: /6\.17\.13-2-pve boots next/,
    host: ['== kernel: ok\nrelease: 6.8.12-9-pve\ninstalled: 6.17.13-2-pve 6.8.12-9-pve'],
  },
  {
    step: 'next-kernel',
    state: 'passed',
    says: /pinned.*unpin/s,
    host: [
      '== kernel: ok\nrelease: 6.8.12-9-pve\ninstalled: 6.8.12-9-pve 6.17.13-2-pve',
      '== boot: ok\npinned-kernel: 6.8.12-9-pve',
    ],
  },

  // KVM
  { step: 'kvm-device', state: 'passed', says: /is there/, host: ['== virtualization: ok\nkvm: yes\nkvm-access: yes'] },
  { step: 'kvm-device', state: 'failed', says: /no \/dev\/kvm/, host: ['== virtualization: ok\nkvm: no'] },
  {
    step: 'kvm-device',
    state: 'failed',
    says: /may not open/,
    host: ['== virtualization: ok\nkvm: yes\nkvm-access: no'],
  },
  { step: 'kvm-device', state: 'passed', says: /kvm_amd/, host: ['== loaded modules: ok\nkvm_amd'] },
  {
    step: 'cgroup-controllers',
    state: 'passed',
    says: /cgroup v2.*BPF/s,
    host: ['== virtualization: ok\ncgroup: 2\ncontrollers: cpuset cpu io memory'],
  },
  {
    step: 'cgroup-controllers',
    state: 'warning',
    says: /Missing: memory/,
    host: ['== virtualization: ok\ncgroup: 1\ncontrollers: cpu cpuacct cpuset devices blkio'],
  },
  {
    step: 'vhost-net',
    state: 'skipped',
    says: /when a guest first asks/,
    host: ['== virtualization: ok\nvhost-net: no'],
  },
  { step: 'tun', state: 'passed', says: /\/dev\/net\/tun/, host: ['== virtualization: ok\ntun: yes'] },
  {
    step: 'secure-guest',
    state: 'failed',
    says: /kvm_amd\.sev is N/,
    vm: 'amd-sev: type=std\nhostpci0: 01:00.0',
    host: ['== module parameters: ok\nkvm_amd.sev: N'],
  },
  { step: 'secure-guest', state: 'skipped', says: /No guest here/, host: [amd] },

  // Modules
  { step: 'vfio-modules', state: 'failed', says: /no module vfio_pci/, host: ['== missing modules: ok\nvfio_pci'] },
  {
    step: 'vfio-modules',
    state: 'passed',
    says: /modules:1: vfio_pci/,
    host: [intel],
    files: '--- etc/modules\nvfio_pci\n',
  },
  {
    step: 'vfio-modules',
    state: 'passed',
    says: /when a VM with a device starts/,
    host: ['== known parameters: ok\nvfio_pci: ids'],
  },
  { step: 'vfio-modules', state: 'unknown', says: /modinfo vfio_pci/, host: [intel] },
  {
    step: 'options-in-effect',
    state: 'warning',
    says: /disable_vga=N/,
    host: ['== module parameters: ok\nvfio_pci.disable_vga: N'],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio-pci disable_vga=1\n',
  },
  {
    step: 'options-in-effect',
    state: 'passed',
    says: /disable_vga=1/,
    host: ['== module parameters: ok\nvfio_pci.disable_vga: Y'],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio-pci disable_vga=1\n',
  },
  {
    step: 'esp-copies',
    state: 'unknown',
    says: /proxmox-boot-tool status/,
    host: ['== boot: ok\nproxmox-boot-tool: yes'],
  },
  {
    step: 'signed-modules',
    state: 'unknown',
    says: /mokutil.*enrol/s,
    host: ['== boot: ok\nsecure-boot: yes', '== packages: ok\ndkms: 3.0'],
  },
  {
    step: 'signed-modules',
    state: 'passed',
    says: /no others are installed/,
    host: ['== boot: ok\nsecure-boot: yes', '== packages: ok\ndkms: none'],
  },
  {
    step: 'interface-names',
    state: 'warning',
    says: /vmbr0 has no port.*enp9s0.*enp3s0/s,
    host: [
      nic('  interfaces: enp3s0\n'),
      '== bridges: ok\nvmbr0\n  ports: none',
      '== files: ok\n/etc/network/interfaces\n  | iface vmbr0 inet manual\n  | \tbridge-ports enp9s0',
    ],
  },
  {
    step: 'interface-names',
    state: 'passed',
    says: /vmbr0: enp3s0/,
    host: [
      nic('  interfaces: enp3s0\n'),
      '== bridges: ok\nvmbr0\n  ports: enp3s0',
      '== files: ok\n/etc/network/interfaces\n  | iface vmbr0 inet manual\n  | \tbridge-ports enp3s0',
    ],
  },
  {
    step: 'interface-names',
    state: 'unknown',
    says: /interfaces is not known/,
    host: ['== bridges: ok\nvmbr0\n  ports: enp3s0'],
  },

  // Device
  {
    step: 'device-present',
    state: 'failed',
    says: /no device 0000:01:00\.0/,
    host: ['== pci functions: ok\n0000:02:00.0\n  class: 0200'],
  },
  {
    step: 'device-present',
    state: 'unknown',
    says: /not every device/,
    host: ['== pci functions: partly\n0000:02:00.0\n  class: 0200'],
  },
  {
    step: 'device-kind',
    state: 'failed',
    says: /behind it/,
    host: ['== pci functions: ok\n0000:01:00.0\n  class: 0604\n  bridge: yes'],
  },
  { step: 'iommu-group', state: 'failed', says: /in no IOMMU group/, host: [gpu('  group: none\n')] },
  { step: 'iommu-group', state: 'unknown', says: /readlink/, host: [gpu()] },
  { step: 'group-isolation', state: 'passed', says: /Group 1: 0000:01:00\.0/, host: [gpu('  group: 1\n')] },
  {
    step: 'group-isolation',
    state: 'warning',
    says: /also holds 0000:02:00\.0/,
    host: [gpu('  group: 1\n', '0000:02:00.0\n  class: 0200\n  group: 1\n')],
  },
  {
    step: 'group-isolation',
    state: 'failed',
    says: /network card of bridge vmbr0/,
    host: [
      gpu('  group: 1\n', '0000:02:00.0\n  class: 0200\n  group: 1\n'),
      '== host needs: ok\n0000:02:00.0\n  kind: bridge-nic\n  detail: vmbr0',
    ],
  },
  {
    step: 'group-isolation',
    state: 'passed',
    says: /\(bridge\)/,
    host: [gpu('  group: 1\n', '0000:00:01.0\n  class: 0604\n  group: 1\n  bridge: yes\n')],
  },
  {
    step: 'acs-override',
    state: 'warning',
    says: /memory/,
    host: [gpu('  group: 1\n'), kernel('pcie_acs_override=downstream')],
  },
  {
    step: 'reserved-memory',
    state: 'failed',
    says: /conrep.*ineligible/s,
    host: [nic('  group: 24\n'), '== direct regions: ok\n24'],
    subject: device,
  },
  {
    step: 'reserved-memory',
    state: 'passed',
    says: /no reserved region/,
    host: [nic('  group: 24\n'), '== direct regions: ok\n25'],
  },
  {
    step: 'host-needs',
    state: 'failed',
    says: /disk of the host \(\/\)/,
    host: [nic(''), '== host needs: ok\n0000:01:00.0\n  kind: root-disk\n  detail: /'],
  },
  { step: 'host-needs', state: 'unknown', says: /stands on is not known/, host: [nic('')] },
  {
    step: 'host-needs',
    state: 'passed',
    says: /Neither a disk/,
    host: [nic(''), '== host needs: ok\n0000:05:00.0\n  kind: root-disk\n  detail: /'],
  },
  { step: 'driver-now', state: 'warning', says: /survive that badly/, host: [gpu('  driver: nouveau\n')] },
  {
    step: 'driver-now',
    state: 'warning',
    says: /refresh the initial RAM disk/,
    host: [gpu('  driver: nouveau\n')],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:2584\n',
  },
  { step: 'driver-now', state: 'passed', says: /let go/, host: [nic('  driver: igb\n')] },
  { step: 'driver-now', state: 'passed', says: /vfio-pci/, host: [gpu('  driver: vfio-pci\n')] },
  {
    step: 'driver-now',
    state: 'failed',
    says: /driver=keep/,
    vm: 'hostpci0: 01:00.0,driver=keep',
    host: [nic('  driver: igb\n')],
  },
  {
    step: 'driver-now',
    state: 'failed',
    says: /makes the mediated devices/,
    vm: 'hostpci0: 01:00.0,mdev=x-1',
    host: [gpu('  driver: vfio-pci\n')],
  },
  {
    step: 'driver-after-boot',
    state: 'passed',
    says: /ids=10de:2584/,
    host: [gpu('  driver: nouveau\n  modules: nouveau\n')],
    files: '--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:2584\n',
  },
  {
    step: 'driver-after-boot',
    state: 'passed',
    says: /blacklist nouveau/,
    host: [gpu('  driver: nouveau\n  modules: nouveau nvidiafb\n')],
    files: '--- etc/modprobe.d/x.conf\nblacklist nouveau\n',
  },
  {
    step: 'driver-after-boot',
    state: 'warning',
    says: /Reserve it/,
    host: [gpu('  driver: vfio-pci\n  modules: nouveau nvidiafb\n')],
    files: '--- etc/modprobe.d/pve-blacklist.conf\nblacklist nvidiafb\n',
  },
  {
    step: 'driver-after-boot',
    state: 'passed',
    says: /when the VM starts/,
    host: [nic('  driver: igb\n  modules: igb\n')],
  },
  {
    step: 'driver-after-boot',
    state: 'failed',
    says: /take these lines out/,
    vm: 'hostpci0: 01:00.0,mdev=x-1',
    host: [gpu('  driver: nvidia\n')],
    files: '--- etc/modprobe.d/x.conf\nblacklist nvidia\n',
  },
  {
    step: 'driver-after-boot',
    state: 'passed',
    says: /No file that is known keeps/,
    vm: 'hostpci0: 01:00.0,mdev=x-1',
    host: [gpu('  driver: nvidia\n  modules: nouveau nvidia\n')],
    files: '--- etc/modprobe.d/x.conf\nblacklist nouveau\n',
  },
  {
    step: 'kernel-faults',
    state: 'failed',
    says: /7\.0\.14/,
    host: [
      kernel('quiet', '7.0.14-1-pve'),
      '== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 1002\n  device: 744c\n  driver: amdgpu',
    ],
  },
  { step: 'reset', state: 'warning', says: /no reset/, host: [gpu('  reset: no\n')] },
  { step: 'reset', state: 'passed', says: /flr/, host: [gpu('  reset: yes\n  reset-methods: flr bus\n')] },
  { step: 'reset', state: 'skipped', says: /do without/, host: [nic('  reset: no\n')] },
  {
    step: 'power',
    state: 'warning',
    says: /disable_idle_d3/,
    host: [
      gpu(),
      messages('vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible'),
    ],
  },
  {
    step: 'memory-windows',
    state: 'warning',
    says: /can't|reserve/,
    host: [gpu(), messages("vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xc0000000-0xcfffffff 64bit pref]")],
  },
  {
    step: 'virtual-functions',
    state: 'failed',
    says: /Bind 0000:02:00\.0/,
    host: [
      `${nic('  pf: 0000:02:00.0\n')}0000:02:00.0\n  class: 0200\n  driver: vfio-pci\n  vf-total: 8\n  vf-count: 1\n`,
    ],
  },
  {
    step: 'virtual-functions',
    state: 'passed',
    says: /1 of 8 exist/,
    host: [`${nic('  pf: 0000:02:00.0\n')}0000:02:00.0\n  class: 0200\n  driver: igb\n  vf-total: 8\n  vf-count: 1\n`],
  },
  {
    step: 'virtual-functions-at-boot',
    state: 'unknown',
    says: /sriov_numvfs = 1/,
    host: [`${nic('  pf: 0000:02:00.0\n')}0000:02:00.0\n  class: 0200\n  driver: igb\n  vf-total: 8\n  vf-count: 1\n`],
  },
  {
    step: 'virtual-functions-at-boot',
    state: 'passed',
    says: /sysfs\.d\/x\.conf:1/,
    host: [`${nic('  pf: 0000:02:00.0\n')}0000:02:00.0\n  class: 0200\n  driver: igb\n  vf-total: 8\n  vf-count: 1\n`],
    files: '--- etc/sysfs.d/x.conf\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 4\n',
  },
  {
    step: 'virtual-functions-at-boot',
    state: 'passed',
    says: /rules\.d\/sriov\.rules/,
    host: [
      `${nic('  pf: 0000:02:00.0\n')}0000:02:00.0\n  class: 0200\n  driver: igb\n  vf-total: 8\n`,
      '== files: ok\n/etc/udev/rules.d/sriov.rules\n  | KERNEL=="0000:02:00.0", ATTR{sriov_numvfs}="4"',
    ],
  },
  {
    step: 'mediated-type',
    state: 'passed',
    says: /i915-GVTg_V5_4.*1 left/,
    vm: 'hostpci0: 01:00.0,mdev=i915-GVTg_V5_4',
    host: [
      '== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  mdev: i915-GVTg_V5_4 mdev 1',
    ],
  },
  {
    step: 'mediated-type',
    state: 'failed',
    says: /has no type/,
    vm: 'hostpci0: 01:00.0,mdev=i915-GVTg_V5_8',
    host: [
      '== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  mdev: i915-GVTg_V5_4 mdev 1',
    ],
  },
  {
    step: 'mediated-driver',
    state: 'failed',
    says: /i915\.enable_gvt=1/,
    vm: 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4',
    host: [
      '== pci functions: ok\n0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  driver: i915\n  mdev: none',
      '== module parameters: ok\ni915.enable_gvt: N',
    ],
  },
  {
    step: 'mediated-driver',
    state: 'passed',
    says: /kvmgt is loaded/,
    vm: 'hostpci0: 00:02.0,mdev=i915-GVTg_V5_4',
    host: [
      '== pci functions: ok\n0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  driver: i915',
      '== module parameters: ok\ni915.enable_gvt: Y',
      '== loaded modules: ok\nkvmgt',
    ],
  },

  // Guest
  { step: 'guest-devices', state: 'skipped', says: /no PCI device/, vm: 'memory: 512' },
  {
    step: 'mapping',
    state: 'failed',
    says: /no mapping gone/,
    vm: 'hostpci0: mapping=gone',
    host: [gpu()],
    files: '--- etc/pve/mapping/pci.cfg\nother\n\tmap id=10de:2584,node=pve1,path=0000:01:00.0\n',
  },
  { step: 'mapping', state: 'unknown', says: /pci\.cfg is not known/, vm: 'hostpci0: mapping=gone', host: [gpu()] },
  {
    step: 'mapping',
    state: 'passed',
    says: /mapping\/pci\.cfg:2/,
    vm: 'hostpci0: mapping=gpu',
    host: [gpu()],
    files: '--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:2584,node=pve1,path=0000:01:00.0\n',
  },
  { step: 'machine', state: 'failed', says: /q35/, vm: 'hostpci0: 01:00.0,pcie=1', host: [gpu()] },
  {
    step: 'guest-firmware',
    state: 'passed',
    says: /bios: ovmf/,
    vm: 'bios: ovmf\nefidisk0: local:1,efitype=4m\nhostpci0: 01:00.0',
    host: [nic('')],
  },
  {
    step: 'rom',
    state: 'passed',
    says: /UEFI mode/,
    vm: 'bios: ovmf\nhostpci0: 01:00.0',
    host: [gpu('  boot-vga: yes\n'), '== boot: ok\nefi: yes'],
  },
  { step: 'rom', state: 'unknown', says: /rom-parser/, vm: 'bios: ovmf\nhostpci0: 01:00.0', host: [gpu()] },
  {
    step: 'rom',
    state: 'passed',
    says: /55 AA/,
    vm: 'bios: ovmf\nhostpci0: 01:00.0,romfile=x.rom',
    host: [gpu(), '== rom files: ok\nx.rom\n  size: 1024\n  signature: yes'],
  },
  {
    step: 'rom',
    state: 'failed',
    says: /x\.rom/,
    vm: 'bios: ovmf\nhostpci0: 01:00.0,romfile=x.rom',
    host: [gpu(), '== rom files: ok\ny.rom\n  size: 1024\n  signature: yes'],
  },
  { step: 'display', state: 'passed', says: /noVNC does not/, vm: 'hostpci0: 01:00.0,x-vga=1', host: [gpu()] },
  {
    step: 'guest-memory',
    state: 'warning',
    says: /swapped/,
    vm: 'memory: 8192\nhostpci0: 01:00.0',
    host: ['memory-kib: 4194304', gpu()],
  },
  {
    step: 'guest-memory',
    state: 'passed',
    says: /host has 16384 MiB/,
    vm: 'memory: 8192\nhostpci0: 01:00.0',
    host: ['memory-kib: 16777216', gpu()],
  },
  {
    step: 'guest-lines',
    state: 'failed',
    says: /sokcets|unknown|key/,
    vm: 'hostpci0: 01:00.0\nsokcets: 1',
    host: [gpu()],
  },

  // Others
  {
    step: 'other-guests',
    state: 'warning',
    says: /VM 101 gets 01:00\.0 as well/,
    host: [nic('')],
    files: '--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 01:00.0\n',
  },
  {
    step: 'other-guests',
    state: 'unknown',
    says: /VM 105 is not known/,
    host: [nic(''), '== guests: ok\n100\n  kind: qemu\n105\n  kind: qemu'],
  },
  { step: 'other-guests', state: 'passed', says: /1 VM is known/, host: [nic('')] },
  { step: 'other-guests', state: 'passed', says: /VM 100 gets it/, host: [nic('')], subject: device },
  {
    step: 'held-now',
    state: 'warning',
    says: /VM 105 holds/,
    host: [nic(''), '== reservations: ok\n0000:01:00.0\n  vmid: 105'],
  },
  {
    step: 'held-now',
    state: 'passed',
    says: /VM 100 holds/,
    host: [nic(''), '== reservations: ok\n0000:01:00.0\n  vmid: 100'],
  },
  {
    step: 'migration',
    state: 'skipped',
    says: /cannot be migrated/,
    host: [nic(''), '== cluster nodes: ok\npve1\npve2'],
  },
];

suite('readiness: steps', () => {
  for (const [index, one] of cases.entries()) {
    test(`${one.step}: ${one.state} (${index})`, () => {
      const site = siteOf(vm(one.vm ?? 'hostpci0: 01:00.0', one.files), one.host && host(...one.host));
      const step = stepOf(readinessOf(site, one.subject), one.step);
      assert.equal(step.state, one.state, textOf(step));
      assert.match(textOf(step), one.says);
      assert.ok(step.evidence.length > 0, 'a state without evidence');
    });
  }

  test('findings bring their rules, their places and their fixes along', () => {
    const step = stepOf(readinessOf(siteOf(vm('hostpci0: 01:00.0,pcie=1'), host(gpu()))), 'machine');
    assert.deepEqual(step.rules, ['hostpci/pcie-needs-q35']);
    assert.equal(step.evidence[0]?.span?.line, 0);
    assert.match(step.evidence[0]?.uri ?? '', /100\.conf$/);
    assert.ok(step.fixes.length > 0);
  });

  test('a rule that is switched off is not heard', () => {
    const { world } = siteOf(vm('hostpci0: 01:00.0,pcie=1'), host(gpu()));
    const settings = { severityOf: (rule: string) => (rule === 'hostpci/pcie-needs-q35' ? 'off' : undefined) } as const;
    const assessment = assess(world, { kind: 'guest', uri: guestUri }, { ...run, settings });
    assert.ok(assessment);
    assert.equal(stepOf(assessment.readiness, 'machine').state, 'passed');
  });

  test('two devices of a VM are judged each by itself', () => {
    const functions = `${gpu('  group: 1\n  driver: nouveau\n')}0000:02:00.0\n  class: 0200\n  group: 2\n  driver: igb\n`;
    const readiness = readinessOf(siteOf(vm('hostpci0: 01:00.0\nhostpci1: 02:00.0'), host(functions)));
    const [first, second] = readiness.stages.filter(one => one.id.startsWith('device'));
    assert.deepEqual([first?.id, second?.id], ['device 0000:01:00.0', 'device 0000:02:00.0']);
    assert.equal(first?.steps.find(one => one.id === 'driver-now')?.state, 'warning');
    assert.equal(second?.steps.find(one => one.id === 'driver-now')?.state, 'passed');
  });

  test('a mapping with alternatives is judged for each of them', () => {
    const functions = `${nic('  group: 1\n')}0000:02:00.0\n  class: 0200\n  group: 2\n`;
    const files =
      '--- etc/pve/mapping/pci.cfg\nnic\n\tmap node=pve1,path=0000:01:00.0\n\tmap node=pve1,path=0000:02:00.0\n';
    const readiness = readinessOf(siteOf(vm('hostpci0: mapping=nic', files), host(functions)));
    assert.equal(readiness.stages.filter(one => one.id.startsWith('device')).length, 2);
  });

  test('advice that cannot be known does not keep anybody from being ready', () => {
    const site = siteOf(vm('hostpci0: 01:00.0'), host('== boot: ok\nproxmox-boot-tool: yes\nsecure-boot: no'));
    const stage = readinessOf(site).stages.find(one => one.id === 'modules');
    const step = stage?.steps.find(one => one.id === 'esp-copies');
    assert.equal(step?.isAdvice, true);
    assert.equal(step?.state, 'unknown');
  });
});
