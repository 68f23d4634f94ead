import assert from 'node:assert/strict';
import { type StepId, stepOfRule, stepRules } from '../../../server/readiness/stepRules.ts';
import { rules } from '../../../server/rules/index.ts';
import { guestUri, hostUri, readinessOf, siteOf, stepsOf, vm } from './support.ts';

/** What somebody must look at by hand before a device can be passed on, and which step does it. */

/** The page of the Proxmox VE wiki with which this project began: all that it asks its reader to do or to check. */
const wiki: Readonly<Record<string, readonly StepId[]>> = {
  'the hardware has an IOMMU and interrupt remapping, in CPU and mainboard': ['iommu-hardware', 'interrupt-remapping'],
  'intel_iommu=on on Intel, nothing on AMD': ['iommu-parameter'],
  'vfio, vfio_iommu_type1, vfio_pci (and once vfio_virqfd) are loaded': ['vfio-modules'],
  'update-initramfs -u -k all after changes of modules': ['initramfs-current'],
  'with systemd-boot, sync the image to the boot partitions': ['esp-copies', 'boot-loader'],
  'reboot, and look whether the parameters took effect': ['command-line-applied', 'next-kernel'],
  'dmesg says that the IOMMU is enabled': ['iommu-on'],
  'dmesg says that interrupt remapping is enabled': ['interrupt-remapping'],
  'the device is in an IOMMU group of its own, with its functions and bridges': ['iommu-group', 'group-isolation'],
  'another slot can change the groups; ACS': ['group-isolation', 'acs-override'],
  'allow_unsafe_interrupts only where it must be': ['unsafe-interrupts'],
  'no frame buffer of the GPU in noVNC or SPICE: a monitor or a remote desktop': ['display'],
  'the host cannot use the card any more': ['host-needs'],
  'ids= for vfio-pci, or a blacklist for the driver of the host': ['driver-after-boot'],
  'the driver of the host has let go': ['driver-now'],
  'the options of modprobe.d took effect': ['options-in-effect', 'module-files'],
  'hostpciN names the device, all its functions by the short address': ['guest-devices', 'device-present'],
  'x-vga for the primary card': ['display'],
  'pcie=1 only with q35': ['machine'],
  'rombar and romfile': ['rom'],
  'OVMF needs a card with a UEFI part in its ROM': ['guest-firmware', 'rom'],
  'SR-IOV: the device and its driver offer virtual functions': ['virtual-functions'],
  'SR-IOV: a driver option, or sriov_numvfs by sysfsutils, makes them again at boot': ['virtual-functions-at-boot'],
  'SR-IOV: the platform must support it': ['virtual-functions', 'memory-windows'],
  'mediated devices: the driver of the host supports them': ['mediated-driver', 'driver-now'],
  'GVT-g: kvmgt and i915.enable_gvt=1': ['mediated-driver'],
  'mdev= names a type on offer with instances left': ['mediated-type'],
};

/** What `virt-host-validate qemu` of libvirt looks at. */
const virtHostValidate: Readonly<Record<string, StepId>> = {
  'hardware virtualization': 'cpu-virtualization',
  '/dev/kvm exists': 'kvm-device',
  '/dev/kvm is accessible': 'kvm-device',
  '/dev/vhost-net exists': 'vhost-net',
  '/dev/net/tun exists': 'tun',
  'cgroup cpu': 'cgroup-controllers',
  'cgroup cpuacct': 'cgroup-controllers',
  'cgroup cpuset': 'cgroup-controllers',
  'cgroup memory': 'cgroup-controllers',
  'cgroup devices': 'cgroup-controllers',
  'cgroup blkio': 'cgroup-controllers',
  'device assignment IOMMU support': 'iommu-hardware',
  'IOMMU enabled by kernel': 'iommu-on',
  'secure guest support': 'secure-guest',
};

/** Entries of the catalogue of failures that no file tells, so that no rule can report them. */
const adviceOnly: Readonly<Record<string, StepId>> = {
  'cmdline/intel-iommu-redundant': 'iommu-parameter',
  'cmdline/iommu-pt-info': 'iommu-mode',
  'boot/kernel-pinned-old': 'next-kernel',
  'modules/vfio-not-listed': 'vfio-modules',
  'initramfs/esp-full-or-unsynced': 'esp-copies',
  'initramfs/secure-boot-unsigned': 'signed-modules',
  'modprobe/disable-idle-d3': 'power',
  'bind/reset-warning-harmless': 'reset',
  'snapshot/ram-or-hibernate': 'snapshots',
  'perm/raw-needs-root': 'rights',
  'drift/nic-renamed': 'interface-names',
};

suite('readiness: what it covers', () => {
  const site = siteOf(
    vm('hostpci0: 01:00\n'),
    'hostpci snapshot 1\n== host: ok\nnode: pve1\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n== end\n',
  );
  const ofGuest = stepsOf(readinessOf(site, { kind: 'guest', uri: guestUri })).map(one => one.id);

  test('every demand of the wiki page is a step of a VM', () => {
    const missing = Object.entries(wiki).flatMap(([demand, steps]) =>
      steps.filter(step => !ofGuest.includes(step)).map(step => `${demand}: ${step}`),
    );
    assert.deepEqual(missing, []);
    assert.ok(Object.values(wiki).every(steps => steps.length > 0));
  });

  test('every check of virt-host-validate is a step, also of a host', () => {
    const ofHost = stepsOf(readinessOf(site, { kind: 'host', host: hostUri })).map(one => one.id);
    for (const [check, step] of Object.entries(virtHostValidate)) assert.ok(ofHost.includes(step), `${check}: ${step}`);
  });

  test('what no rule can report is a step', () => {
    for (const [entry, step] of Object.entries(adviceOnly)) assert.ok(ofGuest.includes(step), `${entry}: ${step}`);
  });

  test('every step that rules belong to exists, and every step is listed', () => {
    assert.deepEqual(
      Object.keys(stepRules).filter(id => !ofGuest.includes(id)),
      [],
    );
    assert.deepEqual(
      ofGuest.filter(id => !Object.hasOwn(stepRules, id)),
      [],
    );
  });

  test('every rule but those about containers belongs to a step', () => {
    const open = rules.filter(({ id }) => stepOfRule(id) === undefined && !id.startsWith('lxc/')).map(({ id }) => id);
    assert.deepEqual(open, []);
  });

  test('every rule that a step names exists', () => {
    const ids = rules.map(({ id }) => id);
    const gone = Object.values(stepRules)
      .flat()
      .filter(
        pattern => !ids.some(id => (pattern.endsWith('/*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern)),
      );
    assert.deepEqual(gone, []);
  });

  test('nothing is named twice', () => {
    const all = Object.values(stepRules).flat() as readonly string[];
    assert.equal(new Set(all).size, all.length);
  });
});
