// Made by `npm run docs` from the files below this folder.
import { cpuOverrides } from './args/cpu-overrides.ts';
import { rawVfioDevice } from './args/raw-vfio-device.ts';
import { stoppedVmGrabsDevice } from './backup/stopped-vm-grabs-device.ts';
import { amdgpuUnbindHang } from './bind/amdgpu-unbind-hang.ts';
import { barReservedBootfb } from './bind/bar-reserved-bootfb.ts';
import { driverOverrideStale } from './bind/driver-override-stale.ts';
import { hostDriverAtBoot } from './bind/host-driver-at-boot.ts';
import { noReset } from './bind/no-reset.ts';
import { nvmeBootDisk } from './bind/nvme-boot-disk.ts';
import { onlyGpuPassed } from './bind/only-gpu-passed.ts';
import { pmLessDeviceRegression } from './bind/pm-less-device-regression.ts';
import { usbControllerOfKeyboard } from './bind/usb-controller-of-keyboard.ts';
import { vendorResetNotConfigured } from './bind/vendor-reset-not-configured.ts';
import { vfioDenylist } from './bind/vfio-denylist.ts';
import { vmbrNic } from './bind/vmbr-nic.ts';
import { cmdlineMultiline } from './boot/cmdline-multiline.ts';
import { cmdlineNoRoot } from './boot/cmdline-no-root.ts';
import { cmdlineQuotes } from './boot/cmdline-quotes.ts';
import { grubDuplicateVariable } from './boot/grub-duplicate-variable.ts';
import { grubLineBreak } from './boot/grub-line-break.ts';
import { grubSyntax } from './boot/grub-syntax.ts';
import { notApplied } from './boot/not-applied.ts';
import { wrongFileGrub } from './boot/wrong-file-grub.ts';
import { wrongFileKernelCmdline } from './boot/wrong-file-kernel-cmdline.ts';
import { acsOverrideInUse } from './cmdline/acs-override-in-use.ts';
import { acsOverrideTypo } from './cmdline/acs-override-typo.ts';
import { amdIommuOnNoop } from './cmdline/amd-iommu-on-noop.ts';
import { blacklistDash } from './cmdline/blacklist-dash.ts';
import { commaSpaceSlip } from './cmdline/comma-space-slip.ts';
import { efifbOffNoop } from './cmdline/efifb-off-noop.ts';
import { foreignBlank } from './cmdline/foreign-blank.ts';
import { hugepagesOrder } from './cmdline/hugepages-order.ts';
import { i915GvtUnsupported } from './cmdline/i915-gvt-unsupported.ts';
import { i915SriovParamsWithoutDkms } from './cmdline/i915-sriov-params-without-dkms.ts';
import { idsBuiltinVsModule } from './cmdline/ids-builtin-vs-module.ts';
import { intelIommuMissing } from './cmdline/intel-iommu-missing.ts';
import { iommuDisabled } from './cmdline/iommu-disabled.ts';
import { moduleBlacklistList } from './cmdline/module-blacklist-list.ts';
import { sysfbBlacklistSideEffect } from './cmdline/sysfb-blacklist-side-effect.ts';
import { unknownIommuValue } from './cmdline/unknown-iommu-value.ts';
import { videoListSlip } from './cmdline/video-list-slip.ts';
import { wrongVendorIommu } from './cmdline/wrong-vendor-iommu.ts';
import { mappingTooFew } from './conflict/mapping-too-few.ts';
import { sameDeviceTwoVms } from './conflict/same-device-two-vms.ts';
import { affinityTooWide } from './cpu/affinity-too-wide.ts';
import { hiddenObsolete } from './cpu/hidden-obsolete.ts';
import { levelIgnored } from './cpu/level-ignored.ts';
import { modelOfOtherArchitecture } from './cpu/model-of-other-architecture.ts';
import { moreThanHost } from './cpu/more-than-host.ts';
import { nestedVirtWithoutSupport } from './cpu/nested-virt-without-support.ts';
import { noLongModeWithOvmf } from './cpu/no-long-mode-with-ovmf.ts';
import { physBits } from './cpu/phys-bits.ts';
import { deviceGone } from './drift/device-gone.ts';
import { deviceIdentityChanged } from './drift/device-identity-changed.ts';
import { nicRenamed } from './drift/nic-renamed.ts';
import { burstWithoutLimit } from './drive/burst-without-limit.ts';
import { cdromOnVirtio } from './drive/cdrom-on-virtio.ts';
import { cdromWithDiskOptions } from './drive/cdrom-with-disk-options.ts';
import { contradictoryLimits } from './drive/contradictory-limits.ts';
import { efidiskFormatMissing } from './drive/efidisk-format-missing.ts';
import { formatMismatch } from './drive/format-mismatch.ts';
import { iothreadIgnored } from './drive/iothread-ignored.ts';
import { isoNeedsMedia } from './drive/iso-needs-media.ts';
import { noneNeedsMedia } from './drive/none-needs-media.ts';
import { scsiIndexNeedsNewerMachine } from './drive/scsi-index-needs-newer-machine.ts';
import { snapshotNeedsOlderMachine } from './drive/snapshot-needs-older-machine.ts';
import { storageContent } from './drive/storage-content.ts';
import { storageNotFound } from './drive/storage-not-found.ts';
import { volumeChainNeedsNewerMachine } from './drive/volume-chain-needs-newer-machine.ts';
import { above4gRebar } from './firmware/above-4g-rebar.ts';
import { csmLegacyVga } from './firmware/csm-legacy-vga.ts';
import { iommuAbsent } from './firmware/iommu-absent.ts';
import { irqRemappingMissing } from './firmware/irq-remapping-missing.ts';
import { rmrrIneligible } from './firmware/rmrr-ineligible.ts';
import { vmdHidesNvme } from './firmware/vmd-hides-nvme.ts';
import { vtDisabled } from './firmware/vt-disabled.ts';
import { deviceOnlyOnSomeNodes } from './ha/device-only-on-some-nodes.ts';
import { bridgePassed } from './hostpci/bridge-passed.ts';
import { driverKey } from './hostpci/driver-key.ts';
import { duplicateDevice } from './hostpci/duplicate-device.ts';
import { hostAndMapping as hostpciHostAndMapping } from './hostpci/host-and-mapping.ts';
import { legacyIgdGeneration } from './hostpci/legacy-igd-generation.ts';
import { legacyIgdRules } from './hostpci/legacy-igd-rules.ts';
import { mappingNotFound as hostpciMappingNotFound } from './hostpci/mapping-not-found.ts';
import { mappingUnusable } from './hostpci/mapping-unusable.ts';
import { noConsoleLeft } from './hostpci/no-console-left.ts';
import { noFreeAlternative } from './hostpci/no-free-alternative.ts';
import { overrideIds } from './hostpci/override-ids.ts';
import { pcieNeedsQ35 } from './hostpci/pcie-needs-q35.ts';
import { q35WithoutPcie } from './hostpci/q35-without-pcie.ts';
import { romfileIneffective } from './hostpci/romfile-ineffective.ts';
import { romfileInvalid } from './hostpci/romfile-invalid.ts';
import { romfileMissing } from './hostpci/romfile-missing.ts';
import { romfileOutsideDirectory } from './hostpci/romfile-outside-directory.ts';
import { templateIgnoresDevice } from './hostpci/template-ignores-device.ts';
import { xVgaMisuse } from './hostpci/x-vga-misuse.ts';
import { onlyCurrentKernel } from './initramfs/only-current-kernel.ts';
import { stale } from './initramfs/stale.ts';
import { groupNotViable } from './iommu/group-not-viable.ts';
import { groupPartial } from './iommu/group-partial.ts';
import { groupSplitAcrossVms } from './iommu/group-split-across-vms.ts';
import { groupTakesHostDevice } from './iommu/group-takes-host-device.ts';
import { groupsMergedByKernel } from './iommu/groups-merged-by-kernel.ts';
import { igpuDmarQuirk } from './iommu/igpu-dmar-quirk.ts';
import { ivrsDmarFirmwareBug } from './iommu/ivrs-dmar-firmware-bug.ts';
import { multiPortNicShared } from './iommu/multi-port-nic-shared.ts';
import { badDeviceRule } from './lxc/bad-device-rule.ts';
import { badSubValue as lxcBadSubValue } from './lxc/bad-sub-value.ts';
import { badValue as lxcBadValue } from './lxc/bad-value.ts';
import { cgroup1Key } from './lxc/cgroup1-key.ts';
import { deleteOutsidePending as lxcDeleteOutsidePending } from './lxc/delete-outside-pending.ts';
import { deviceNodeMissing } from './lxc/device-node-missing.ts';
import { deviceNotAllowed } from './lxc/device-not-allowed.ts';
import { deviceWithoutPath } from './lxc/device-without-path.ts';
import { duplicateKey as lxcDuplicateKey } from './lxc/duplicate-key.ts';
import { duplicateSection as lxcDuplicateSection } from './lxc/duplicate-section.ts';
import { duplicateSubKey as lxcDuplicateSubKey } from './lxc/duplicate-sub-key.ts';
import { missingSubKey as lxcMissingSubKey } from './lxc/missing-sub-key.ts';
import { mountTargetAbsolute } from './lxc/mount-target-absolute.ts';
import { mountWithoutCreate } from './lxc/mount-without-create.ts';
import { renamedRawKey } from './lxc/renamed-raw-key.ts';
import { unknownKey as lxcUnknownKey } from './lxc/unknown-key.ts';
import { unknownRawKey } from './lxc/unknown-raw-key.ts';
import { unknownSubKey as lxcUnknownSubKey } from './lxc/unknown-sub-key.ts';
import { unparsableLine as lxcUnparsableLine } from './lxc/unparsable-line.ts';
import { valueOutOfRange as lxcValueOutOfRange } from './lxc/value-out-of-range.ts';
import { vmTakesSharedGpu } from './lxc/vm-takes-shared-gpu.ts';
import { awBitsNotSupported } from './machine/aw-bits-not-supported.ts';
import { newerThanQemu } from './machine/newer-than-qemu.ts';
import { pveRevisionTooNew } from './machine/pve-revision-too-new.ts';
import { badId } from './mapping/bad-id.ts';
import { badValue as mappingBadValue } from './mapping/bad-value.ts';
import { duplicateKey as mappingDuplicateKey } from './mapping/duplicate-key.ts';
import { duplicateSection as mappingDuplicateSection } from './mapping/duplicate-section.ts';
import { hexCase } from './mapping/hex-case.ts';
import { ignoredLine } from './mapping/ignored-line.ts';
import { impossiblePath } from './mapping/impossible-path.ts';
import { mdevFlag } from './mapping/mdev-flag.ts';
import { missingEmptyLine } from './mapping/missing-empty-line.ts';
import { missingMap } from './mapping/missing-map.ts';
import { missingProperty } from './mapping/missing-property.ts';
import { missingSubsystemId } from './mapping/missing-subsystem-id.ts';
import { nodeTwice } from './mapping/node-twice.ts';
import { pathSemicolon } from './mapping/path-semicolon.ts';
import { staleIdentity } from './mapping/stale-identity.ts';
import { unknownKey as mappingUnknownKey } from './mapping/unknown-key.ts';
import { unknownNode } from './mapping/unknown-node.ts';
import { unknownProperty } from './mapping/unknown-property.ts';
import { whitespaceLine } from './mapping/whitespace-line.ts';
import { multifunction } from './mdev/multifunction.ts';
import { noInstances } from './mdev/no-instances.ts';
import { nvidiaNeedsVf } from './mdev/nvidia-needs-vf.ts';
import { parentOnVfio } from './mdev/parent-on-vfio.ts';
import { unknownType } from './mdev/unknown-type.ts';
import { balloonAboveMemory } from './memory/balloon-above-memory.ts';
import { balloonWithVfio } from './memory/balloon-with-vfio.ts';
import { hotplugNeedsNuma } from './memory/hotplug-needs-numa.ts';
import { hotplugSize } from './memory/hotplug-size.ts';
import { hotplugWithNumaNodes } from './memory/hotplug-with-numa-nodes.ts';
import { hugepagesPreconditions } from './memory/hugepages-preconditions.ts';
import { hugepagesUnreserved } from './memory/hugepages-unreserved.ts';
import { pinnedOvercommit } from './memory/pinned-overcommit.ts';
import { localHostpci } from './migrate/local-hostpci.ts';
import { aliasHexCase } from './modprobe/alias-hex-case.ts';
import { badBool } from './modprobe/bad-bool.ts';
import { blacklistIneffective } from './modprobe/blacklist-ineffective.ts';
import { blacklistMany } from './modprobe/blacklist-many.ts';
import { blacklistTooWide } from './modprobe/blacklist-too-wide.ts';
import { blacklistVsLxc } from './modprobe/blacklist-vs-lxc.ts';
import { carriageReturn as modprobeCarriageReturn } from './modprobe/carriage-return.ts';
import { disableVgaIgd } from './modprobe/disable-vga-igd.ts';
import { idsCatchHostDevice } from './modprobe/ids-catch-host-device.ts';
import { idsMultipleOptions } from './modprobe/ids-multiple-options.ts';
import { idsPartialFunction } from './modprobe/ids-partial-function.ts';
import { idsSeparator } from './modprobe/ids-separator.ts';
import { idsTooLong } from './modprobe/ids-too-long.ts';
import { idsUnknownDevice } from './modprobe/ids-unknown-device.ts';
import { inlineComment as modprobeInlineComment } from './modprobe/inline-comment.ts';
import { installIgnored } from './modprobe/install-ignored.ts';
import { notConf } from './modprobe/not-conf.ts';
import { oddName } from './modprobe/odd-name.ts';
import { optionsUnknownParam } from './modprobe/options-unknown-param.ts';
import { prefixedParam } from './modprobe/prefixed-param.ts';
import { singleQuotes } from './modprobe/single-quotes.ts';
import { softdepIncomplete } from './modprobe/softdep-incomplete.ts';
import { softdepInverted } from './modprobe/softdep-inverted.ts';
import { softdepMissingKeyword } from './modprobe/softdep-missing-keyword.ts';
import { softdepRepeated } from './modprobe/softdep-repeated.ts';
import { spacedEquals } from './modprobe/spaced-equals.ts';
import { swallowedLine as modprobeSwallowedLine } from './modprobe/swallowed-line.ts';
import { syntax as modprobeSyntax } from './modprobe/syntax.ts';
import { unknownCommand } from './modprobe/unknown-command.ts';
import { unsafeInterrupts } from './modprobe/unsafe-interrupts.ts';
import { wildcardName } from './modprobe/wildcard-name.ts';
import { byteOrderMark } from './modules/byte-order-mark.ts';
import { duplicate } from './modules/duplicate.ts';
import { inlineOption } from './modules/inline-option.ts';
import { typo } from './modules/typo.ts';
import { vfioOrder } from './modules/vfio-order.ts';
import { vfioVirqfdObsolete } from './modules/vfio-virqfd-obsolete.ts';
import { macMissing } from './net/mac-missing.ts';
import { mtuAboveBridge } from './net/mtu-above-bridge.ts';
import { mtuIgnored } from './net/mtu-ignored.ts';
import { mtuTooSmall } from './net/mtu-too-small.ts';
import { ignoredWithoutNuma } from './numa/ignored-without-numa.ts';
import { memoryMissing } from './numa/memory-missing.ts';
import { policyMissing } from './numa/policy-missing.ts';
import { reversedRange } from './numa/reversed-range.ts';
import { totalMemoryDiffers } from './numa/total-memory-differs.ts';
import type { Rule } from './rule.ts';
import { notADevice } from './serial/not-a-device.ts';
import { absentPf } from './sriov/absent-pf.ts';
import { pfAndVfBothUsed } from './sriov/pf-and-vf-both-used.ts';
import { pfWithoutDriver } from './sriov/pf-without-driver.ts';
import { rewriteNonzero } from './sriov/rewrite-nonzero.ts';
import { tooManyVfs } from './sriov/too-many-vfs.ts';
import { badMode } from './sysfs/bad-mode.ts';
import { carriageReturn as sysfsCarriageReturn } from './sysfs/carriage-return.ts';
import { escapesSys } from './sysfs/escapes-sys.ts';
import { packageMissing } from './sysfs/package-missing.ts';
import { syntax as sysfsSyntax } from './sysfs/syntax.ts';
import { controllerAlsoPassed } from './usb/controller-also-passed.ts';
import { hostAndMapping as usbHostAndMapping } from './usb/host-and-mapping.ts';
import { indexNeedsNewMachine } from './usb/index-needs-new-machine.ts';
import { mappingNotFound as usbMappingNotFound } from './usb/mapping-not-found.ts';
import { spiceCase } from './usb/spice-case.ts';
import { clipboardWithoutDisplay } from './vga/clipboard-without-display.ts';
import { memoryIgnored } from './vga/memory-ignored.ts';
import { aclWithWindows } from './virtiofs/acl-with-windows.ts';
import { mappingNotFound as virtiofsMappingNotFound } from './virtiofs/mapping-not-found.ts';
import { memoryLineMissing } from './virtiofs/memory-line-missing.ts';
import { withMemoryHotplug } from './virtiofs/with-memory-hotplug.ts';
import { bootDeviceMissing } from './vm/boot-device-missing.ts';
import { bootdiskIgnored } from './vm/bootdisk-ignored.ts';
import { confidentialWithoutOvmf } from './vm/confidential-without-ovmf.ts';
import { efidiskIgnored } from './vm/efidisk-ignored.ts';
import { efidiskWithoutOvmf } from './vm/efidisk-without-ovmf.ts';
import { gpuOnSeabios } from './vm/gpu-on-seabios.ts';
import { oldSecureBootCertificates } from './vm/old-secure-boot-certificates.ts';
import { ovmfWithoutEfidisk } from './vm/ovmf-without-efidisk.ts';
import { preEnrolledKeysIgnored } from './vm/pre-enrolled-keys-ignored.ts';
import { tdxAttestationIncomplete } from './vm/tdx-attestation-incomplete.ts';
import { tpmVersionMissing } from './vm/tpm-version-missing.ts';
import { usbBootIgnored } from './vm/usb-boot-ignored.ts';
import { viommuIntelI440fx } from './vm/viommu-intel-i440fx.ts';
import { appendedAfterSection } from './vmconf/appended-after-section.ts';
import { badSubValue as vmconfBadSubValue } from './vmconf/bad-sub-value.ts';
import { badValue as vmconfBadValue } from './vmconf/bad-value.ts';
import { carriageReturnInValue } from './vmconf/carriage-return-in-value.ts';
import { cpuFlagNotAllowed } from './vmconf/cpu-flag-not-allowed.ts';
import { cpuReportedModel } from './vmconf/cpu-reported-model.ts';
import { cpuTypeMissing } from './vmconf/cpu-type-missing.ts';
import { deleteOutsidePending as vmconfDeleteOutsidePending } from './vmconf/delete-outside-pending.ts';
import { duplicateKey as vmconfDuplicateKey } from './vmconf/duplicate-key.ts';
import { duplicateSection as vmconfDuplicateSection } from './vmconf/duplicate-section.ts';
import { duplicateSubKey as vmconfDuplicateSubKey } from './vmconf/duplicate-sub-key.ts';
import { incompleteSubKey } from './vmconf/incomplete-sub-key.ts';
import { inlineComment as vmconfInlineComment } from './vmconf/inline-comment.ts';
import { locked } from './vmconf/locked.ts';
import { missingSubKey as vmconfMissingSubKey } from './vmconf/missing-sub-key.ts';
import { newerThanHost } from './vmconf/newer-than-host.ts';
import { pendingHostpci } from './vmconf/pending-hostpci.ts';
import { subValueNotInList } from './vmconf/sub-value-not-in-list.ts';
import { subValueOutOfRange } from './vmconf/sub-value-out-of-range.ts';
import { swallowedLine as vmconfSwallowedLine } from './vmconf/swallowed-line.ts';
import { undefinedCustomCpuModel } from './vmconf/undefined-custom-cpu-model.ts';
import { unknownCpuModel } from './vmconf/unknown-cpu-model.ts';
import { unknownKey as vmconfUnknownKey } from './vmconf/unknown-key.ts';
import { unknownSection } from './vmconf/unknown-section.ts';
import { unknownSubKey as vmconfUnknownSubKey } from './vmconf/unknown-sub-key.ts';
import { unparsableLine as vmconfUnparsableLine } from './vmconf/unparsable-line.ts';
import { valueMalformed } from './vmconf/value-malformed.ts';
import { valueNotInList } from './vmconf/value-not-in-list.ts';
import { valueOutOfRange as vmconfValueOutOfRange } from './vmconf/value-out-of-range.ts';
import { valueWithoutKey } from './vmconf/value-without-key.ts';

/** All rules, sorted by id. */
export const rules: readonly Rule[] = [
  cpuOverrides,
  rawVfioDevice,
  stoppedVmGrabsDevice,
  amdgpuUnbindHang,
  barReservedBootfb,
  driverOverrideStale,
  hostDriverAtBoot,
  noReset,
  nvmeBootDisk,
  onlyGpuPassed,
  pmLessDeviceRegression,
  usbControllerOfKeyboard,
  vendorResetNotConfigured,
  vfioDenylist,
  vmbrNic,
  cmdlineMultiline,
  cmdlineNoRoot,
  cmdlineQuotes,
  grubDuplicateVariable,
  grubLineBreak,
  grubSyntax,
  notApplied,
  wrongFileGrub,
  wrongFileKernelCmdline,
  acsOverrideInUse,
  acsOverrideTypo,
  amdIommuOnNoop,
  blacklistDash,
  commaSpaceSlip,
  efifbOffNoop,
  foreignBlank,
  hugepagesOrder,
  i915GvtUnsupported,
  i915SriovParamsWithoutDkms,
  idsBuiltinVsModule,
  intelIommuMissing,
  iommuDisabled,
  moduleBlacklistList,
  sysfbBlacklistSideEffect,
  unknownIommuValue,
  videoListSlip,
  wrongVendorIommu,
  mappingTooFew,
  sameDeviceTwoVms,
  affinityTooWide,
  hiddenObsolete,
  levelIgnored,
  modelOfOtherArchitecture,
  moreThanHost,
  nestedVirtWithoutSupport,
  noLongModeWithOvmf,
  physBits,
  deviceGone,
  deviceIdentityChanged,
  nicRenamed,
  burstWithoutLimit,
  cdromOnVirtio,
  cdromWithDiskOptions,
  contradictoryLimits,
  efidiskFormatMissing,
  formatMismatch,
  iothreadIgnored,
  isoNeedsMedia,
  noneNeedsMedia,
  scsiIndexNeedsNewerMachine,
  snapshotNeedsOlderMachine,
  storageContent,
  storageNotFound,
  volumeChainNeedsNewerMachine,
  above4gRebar,
  csmLegacyVga,
  iommuAbsent,
  irqRemappingMissing,
  rmrrIneligible,
  vmdHidesNvme,
  vtDisabled,
  deviceOnlyOnSomeNodes,
  bridgePassed,
  driverKey,
  duplicateDevice,
  hostpciHostAndMapping,
  legacyIgdGeneration,
  legacyIgdRules,
  hostpciMappingNotFound,
  mappingUnusable,
  noConsoleLeft,
  noFreeAlternative,
  overrideIds,
  pcieNeedsQ35,
  q35WithoutPcie,
  romfileIneffective,
  romfileInvalid,
  romfileMissing,
  romfileOutsideDirectory,
  templateIgnoresDevice,
  xVgaMisuse,
  onlyCurrentKernel,
  stale,
  groupNotViable,
  groupPartial,
  groupSplitAcrossVms,
  groupTakesHostDevice,
  groupsMergedByKernel,
  igpuDmarQuirk,
  ivrsDmarFirmwareBug,
  multiPortNicShared,
  badDeviceRule,
  lxcBadSubValue,
  lxcBadValue,
  cgroup1Key,
  lxcDeleteOutsidePending,
  deviceNodeMissing,
  deviceNotAllowed,
  deviceWithoutPath,
  lxcDuplicateKey,
  lxcDuplicateSection,
  lxcDuplicateSubKey,
  lxcMissingSubKey,
  mountTargetAbsolute,
  mountWithoutCreate,
  renamedRawKey,
  lxcUnknownKey,
  unknownRawKey,
  lxcUnknownSubKey,
  lxcUnparsableLine,
  lxcValueOutOfRange,
  vmTakesSharedGpu,
  awBitsNotSupported,
  newerThanQemu,
  pveRevisionTooNew,
  badId,
  mappingBadValue,
  mappingDuplicateKey,
  mappingDuplicateSection,
  hexCase,
  ignoredLine,
  impossiblePath,
  mdevFlag,
  missingEmptyLine,
  missingMap,
  missingProperty,
  missingSubsystemId,
  nodeTwice,
  pathSemicolon,
  staleIdentity,
  mappingUnknownKey,
  unknownNode,
  unknownProperty,
  whitespaceLine,
  multifunction,
  noInstances,
  nvidiaNeedsVf,
  parentOnVfio,
  unknownType,
  balloonAboveMemory,
  balloonWithVfio,
  hotplugNeedsNuma,
  hotplugSize,
  hotplugWithNumaNodes,
  hugepagesPreconditions,
  hugepagesUnreserved,
  pinnedOvercommit,
  localHostpci,
  aliasHexCase,
  badBool,
  blacklistIneffective,
  blacklistMany,
  blacklistTooWide,
  blacklistVsLxc,
  modprobeCarriageReturn,
  disableVgaIgd,
  idsCatchHostDevice,
  idsMultipleOptions,
  idsPartialFunction,
  idsSeparator,
  idsTooLong,
  idsUnknownDevice,
  modprobeInlineComment,
  installIgnored,
  notConf,
  oddName,
  optionsUnknownParam,
  prefixedParam,
  singleQuotes,
  softdepIncomplete,
  softdepInverted,
  softdepMissingKeyword,
  softdepRepeated,
  spacedEquals,
  modprobeSwallowedLine,
  modprobeSyntax,
  unknownCommand,
  unsafeInterrupts,
  wildcardName,
  byteOrderMark,
  duplicate,
  inlineOption,
  typo,
  vfioOrder,
  vfioVirqfdObsolete,
  macMissing,
  mtuAboveBridge,
  mtuIgnored,
  mtuTooSmall,
  ignoredWithoutNuma,
  memoryMissing,
  policyMissing,
  reversedRange,
  totalMemoryDiffers,
  notADevice,
  absentPf,
  pfAndVfBothUsed,
  pfWithoutDriver,
  rewriteNonzero,
  tooManyVfs,
  badMode,
  sysfsCarriageReturn,
  escapesSys,
  packageMissing,
  sysfsSyntax,
  controllerAlsoPassed,
  usbHostAndMapping,
  indexNeedsNewMachine,
  usbMappingNotFound,
  spiceCase,
  clipboardWithoutDisplay,
  memoryIgnored,
  aclWithWindows,
  virtiofsMappingNotFound,
  memoryLineMissing,
  withMemoryHotplug,
  bootDeviceMissing,
  bootdiskIgnored,
  confidentialWithoutOvmf,
  efidiskIgnored,
  efidiskWithoutOvmf,
  gpuOnSeabios,
  oldSecureBootCertificates,
  ovmfWithoutEfidisk,
  preEnrolledKeysIgnored,
  tdxAttestationIncomplete,
  tpmVersionMissing,
  usbBootIgnored,
  viommuIntelI440fx,
  appendedAfterSection,
  vmconfBadSubValue,
  vmconfBadValue,
  carriageReturnInValue,
  cpuFlagNotAllowed,
  cpuReportedModel,
  cpuTypeMissing,
  vmconfDeleteOutsidePending,
  vmconfDuplicateKey,
  vmconfDuplicateSection,
  vmconfDuplicateSubKey,
  incompleteSubKey,
  vmconfInlineComment,
  locked,
  vmconfMissingSubKey,
  newerThanHost,
  pendingHostpci,
  subValueNotInList,
  subValueOutOfRange,
  vmconfSwallowedLine,
  undefinedCustomCpuModel,
  unknownCpuModel,
  vmconfUnknownKey,
  unknownSection,
  vmconfUnknownSubKey,
  vmconfUnparsableLine,
  valueMalformed,
  valueNotInList,
  vmconfValueOutOfRange,
  valueWithoutKey,
];
