import assert from 'node:assert/strict';
import { rules } from '../../server/rules/index.ts';

/** What became of one failure that is known to happen. */
type Coverage =
  /** A rule of the same id. */
  | 'rule'
  /** Rules of other ids, which report it among other things. */
  | { readonly rules: readonly string[] }
  /** Why it cannot be a rule. */
  | { readonly reason: string };

/** All 150 entries of the catalogue of failures, in its order. */
const catalogue: Readonly<Record<string, Coverage>> = {
  'firmware/iommu-absent': 'rule',
  'firmware/vt-disabled': 'rule',
  'firmware/irq-remapping-missing': 'rule',
  'firmware/rmrr-ineligible': 'rule',
  'firmware/above-4g-rebar': 'rule',
  'firmware/csm-legacy-vga': 'rule',
  'firmware/vmd-hides-nvme': 'rule',
  'boot/wrong-file-grub': 'rule',
  'boot/wrong-file-kernel-cmdline': 'rule',
  'boot/not-applied': 'rule',
  'boot/cmdline-multiline': 'rule',
  'boot/cmdline-no-root': 'rule',
  'boot/cmdline-quotes': 'rule',
  'boot/grub-syntax': 'rule',
  'boot/grub-duplicate-variable': 'rule',
  'cmdline/iommu-disabled': 'rule',
  'cmdline/intel-iommu-missing': 'rule',
  'cmdline/intel-iommu-redundant': {
    reason: 'The option does no harm; hovering over it says since when it is the default.',
  },
  'cmdline/amd-iommu-on-noop': 'rule',
  'cmdline/wrong-vendor-iommu': 'rule',
  'cmdline/iommu-pt-info': {
    reason: 'On the list of what is never reported: hosts work without iommu=pt, and some want it so.',
  },
  'cmdline/unknown-iommu-value': 'rule',
  'cmdline/comma-space-slip': 'rule',
  'cmdline/acs-override-in-use': 'rule',
  'cmdline/acs-override-typo': 'rule',
  'cmdline/efifb-off-noop': 'rule',
  'cmdline/video-list-slip': 'rule',
  'cmdline/sysfb-blacklist-side-effect': 'rule',
  'cmdline/module-blacklist-list': 'rule',
  'cmdline/ids-builtin-vs-module': 'rule',
  'cmdline/i915-gvt-unsupported': 'rule',
  'cmdline/i915-sriov-params-without-dkms': 'rule',
  'cmdline/hugepages-order': 'rule',
  'boot/kernel-pinned-old': {
    reason:
      'The pin is in no file that is edited by hand, and mostly meant; the readiness report names the kernel that boots.',
  },
  'modules/vfio-virqfd-obsolete': 'rule',
  'modules/vfio-not-listed': {
    reason:
      'On the list of what is never reported: Proxmox loads vfio-pci when a VM starts. Ids on the command line that nothing loads early are cmdline/ids-builtin-vs-module.',
  },
  'modules/vfio-order': 'rule',
  'modules/typo': 'rule',
  'modules/inline-option': 'rule',
  'initramfs/stale': 'rule',
  'initramfs/only-current-kernel': 'rule',
  'initramfs/esp-full-or-unsynced': {
    reason: 'The copies on the EFI system partitions can only be seen by mounting them, which a collector must not do.',
  },
  'initramfs/secure-boot-unsigned': {
    reason:
      'Which keys the firmware has enrolled for modules is not in a snapshot; the readiness report names Secure Boot.',
  },
  'modprobe/not-conf': 'rule',
  'modprobe/unknown-command': 'rule',
  'modprobe/blacklist-many': 'rule',
  'modprobe/inline-comment': 'rule',
  'modprobe/ids-separator': 'rule',
  'modprobe/ids-unknown-device': 'rule',
  'modprobe/ids-multiple-options': 'rule',
  'modprobe/ids-too-long': 'rule',
  'modprobe/ids-catch-host-device': 'rule',
  'modprobe/ids-partial-function': 'rule',
  'modprobe/blacklist-too-wide': 'rule',
  'modprobe/blacklist-ineffective': 'rule',
  'modprobe/blacklist-vs-lxc': 'rule',
  'modprobe/softdep-inverted': 'rule',
  'modprobe/softdep-missing-keyword': 'rule',
  'modprobe/softdep-wildcard': { rules: ['modprobe/wildcard-name'] },
  'modprobe/softdep-incomplete': 'rule',
  'modprobe/options-unknown-param': 'rule',
  'modprobe/disable-vga-igd': 'rule',
  'modprobe/unsafe-interrupts': 'rule',
  'modprobe/disable-idle-d3': {
    reason: 'Advice for a symptom in the kernel log; leaving the option out is right for most hosts.',
  },
  'iommu/group-takes-host-device': 'rule',
  'iommu/group-not-viable': 'rule',
  'iommu/group-split-across-vms': 'rule',
  'iommu/group-partial': 'rule',
  'iommu/multi-port-nic-shared': 'rule',
  'iommu/groups-merged-by-kernel': 'rule',
  'iommu/ivrs-dmar-firmware-bug': 'rule',
  'iommu/igpu-dmar-quirk': 'rule',
  'bind/host-driver-at-boot': 'rule',
  'bind/amdgpu-unbind-hang': 'rule',
  'bind/pm-less-device-regression': 'rule',
  'bind/bar-reserved-bootfb': 'rule',
  'bind/only-gpu-passed': 'rule',
  'bind/no-reset': 'rule',
  'bind/reset-warning-harmless': {
    reason: 'A line of a task log, and harmless: it can be explained, there is nothing in a file to report.',
  },
  'bind/vendor-reset-not-configured': 'rule',
  'bind/vfio-denylist': 'rule',
  'bind/driver-override-stale': 'rule',
  'bind/nvme-boot-disk': 'rule',
  'bind/vmbr-nic': 'rule',
  'bind/usb-controller-of-keyboard': 'rule',
  'hostpci/invalid-id': { rules: ['vmconf/bad-sub-value'] },
  'hostpci/host-and-mapping': 'rule',
  'hostpci/bad-index-or-key': { rules: ['vmconf/unknown-key', 'vmconf/unknown-sub-key', 'vmconf/bad-sub-value'] },
  'hostpci/pcie-needs-q35': 'rule',
  'hostpci/q35-without-pcie': 'rule',
  'hostpci/duplicate-device': 'rule',
  'hostpci/bridge-passed': 'rule',
  'hostpci/romfile-missing': 'rule',
  'hostpci/romfile-ineffective': 'rule',
  'hostpci/romfile-invalid': 'rule',
  'hostpci/x-vga-misuse': 'rule',
  'hostpci/no-console-left': 'rule',
  'hostpci/legacy-igd-rules': 'rule',
  'hostpci/legacy-igd-generation': 'rule',
  'hostpci/override-ids': 'rule',
  'hostpci/driver-key': 'rule',
  'vm/ovmf-without-efidisk': 'rule',
  'vm/gpu-on-seabios': 'rule',
  'vm/viommu-intel-i440fx': 'rule',
  'vmconf/unparsable-line': 'rule',
  'vmconf/inline-comment': 'rule',
  'vmconf/duplicate-key': 'rule',
  'vmconf/appended-after-section': 'rule',
  'vmconf/unknown-section': 'rule',
  'vmconf/pending-hostpci': 'rule',
  'vmconf/locked': 'rule',
  'memory/balloon-with-vfio': 'rule',
  'memory/pinned-overcommit': 'rule',
  'memory/hugepages-preconditions': 'rule',
  'memory/hugepages-unreserved': 'rule',
  'args/cpu-overrides': 'rule',
  'args/raw-vfio-device': 'rule',
  'cpu/hidden-obsolete': 'rule',
  'cpu/phys-bits': 'rule',
  'usb/index-needs-new-machine': 'rule',
  'usb/controller-also-passed': 'rule',
  'sysfs/package-missing': 'rule',
  'sysfs/syntax': 'rule',
  'sriov/too-many-vfs': 'rule',
  'sriov/rewrite-nonzero': 'rule',
  'sriov/pf-without-driver': 'rule',
  'sriov/pf-and-vf-both-used': 'rule',
  'mdev/unknown-type': 'rule',
  'mdev/no-instances': 'rule',
  'mdev/nvidia-needs-vf': 'rule',
  'mdev/parent-on-vfio': 'rule',
  'mdev/multifunction': 'rule',
  'mapping/stale-identity': 'rule',
  'mapping/missing-subsystem-id': 'rule',
  'mapping/hex-case': 'rule',
  'mapping/mdev-flag': 'rule',
  'mapping/path-semicolon': 'rule',
  'mapping/unknown-or-no-node': { rules: ['hostpci/mapping-not-found', 'mapping/unknown-node'] },
  'migrate/local-hostpci': 'rule',
  'ha/device-only-on-some-nodes': 'rule',
  'snapshot/ram-or-hibernate': {
    reason: 'A choice at the moment of the snapshot, of which a file says nothing beforehand.',
  },
  'backup/stopped-vm-grabs-device': 'rule',
  'perm/raw-needs-root': {
    reason: 'Who may edit is not in the file: whoever edits it by hand is root. Said in the documentation of hostpciN.',
  },
  'conflict/same-device-two-vms': 'rule',
  'conflict/mapping-too-few': 'rule',
  'drift/device-gone': 'rule',
  'drift/device-identity-changed': 'rule',
  'drift/nic-renamed': {
    reason:
      '/etc/network/interfaces is in none of our languages; the readiness report compares its names with the host.',
  },
  'lxc/device-node-missing': 'rule',
  'lxc/vm-takes-shared-gpu': 'rule',
};

suite('coverage of the catalogue', () => {
  const ids = new Set(rules.map(rule => rule.id));
  const entries = Object.entries(catalogue);

  test('it has 150 entries', () => assert.equal(entries.length, 150));

  test('every entry is a rule or has a reason', () => {
    const open = entries.flatMap(([id, coverage]) => {
      if (coverage === 'rule') return ids.has(id) ? [] : [`${id}: no such rule`];
      if ('rules' in coverage) {
        const gone = coverage.rules.filter(rule => !ids.has(rule));
        return coverage.rules.length > 0 && gone.length === 0 ? [] : [`${id}: no rule ${gone.join(', ')}`];
      }
      return coverage.reason.length >= 40 ? [] : [`${id}: the reason is too short to be one`];
    });
    assert.deepEqual(open, []);
  });

  test('what has a reason is not a rule after all', () => {
    const both = entries.filter(([id, coverage]) => coverage !== 'rule' && ids.has(id)).map(([id]) => id);
    assert.deepEqual(both, []);
  });

  test('nine in ten are rules', function () {
    const covered = entries.filter(([, coverage]) => coverage === 'rule' || 'rules' in coverage).length;
    const title = `${covered} of ${entries.length} are rules, ${entries.length - covered} have a reason`;
    if (this.test) this.test.title = title;
    assert.ok(covered >= entries.length * 0.9, title);
  });
});
