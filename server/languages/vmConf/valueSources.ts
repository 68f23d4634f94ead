import { uuid } from '../../values/names.ts';
import { cpuFlagItems, cpuTypes } from './completeCpu.ts';
import { deviceIds, hostDevices, mdevTypes, romFiles } from './completeDevice.ts';
import { machineTypes } from './completeMachine.ts';
import {
  bootDevices,
  bridges,
  deletableKeys,
  disks,
  knownTags,
  mappingIds,
  snapshotNames,
  storageIds,
} from './completeNames.ts';
import { driveVolumes, snippetVolumes } from './completeVolume.ts';
import { suggest } from './suggest.ts';
import type { ValueSource } from './valueRequest.ts';

/** Values that come from the file, the host or the files around, by `option` or `option.property`. */
export const valueSources: Readonly<Record<string, ValueSource>> = {
  'boot.order': bootDevices,
  bootdisk: disks,
  'cdrom.file': driveVolumes,
  'cicustom.meta': snippetVolumes,
  'cicustom.network': snippetVolumes,
  'cicustom.user': snippetVolumes,
  'cicustom.vendor': snippetVolumes,
  'cpu.cputype': cpuTypes,
  'cpu.flags': cpuFlagItems,
  delete: deletableKeys,
  'efidisk.file': driveVolumes,
  hookscript: snippetVolumes,
  'hostpci.device-id': deviceIds('deviceId'),
  'hostpci.host': hostDevices,
  'hostpci.mapping': mappingIds('pci'),
  'hostpci.mdev': mdevTypes,
  'hostpci.romfile': romFiles,
  'hostpci.sub-device-id': deviceIds('subsystemDeviceId'),
  'hostpci.sub-vendor-id': deviceIds('subsystemVendorId'),
  'hostpci.vendor-id': deviceIds('vendorId'),
  'ide.file': driveVolumes,
  'machine.type': machineTypes,
  'net.bridge': bridges,
  parent: snapshotNames,
  'runningmachine.type': machineTypes,
  'sata.file': driveVolumes,
  'scsi.file': driveVolumes,
  'smbios1.uuid': freshUuid,
  startup: startupParts,
  tags: knownTags,
  'tpmstate.file': driveVolumes,
  'unused.file': driveVolumes,
  'usb.mapping': mappingIds('usb'),
  'virtio.file': driveVolumes,
  'virtiofs.dirid': mappingIds('dir'),
  vmgenid: freshUuid,
  vmstatestorage: storageIds,
};

/** What separates the items of values that are lists. */
export const listSeparators: Readonly<Record<string, RegExp>> = {
  'boot.order': /[; ]/,
  'cpu.flags': /;/,
  delete: /[,; ]/,
  hotplug: /[,; ]/,
  'hostpci.host': /;/,
  startup: /,/,
  tags: /[,; ]/,
};

function freshUuid(request: Parameters<ValueSource>[0]): ReturnType<ValueSource> {
  const choices = uuid.complete?.({ inventory: undefined, random: request.around.random }) ?? [];
  return choices.map(choice => suggest(request.target, choice.text, 'value', { rank: 10, detail: 'fresh' }));
}

/** `order=`, `up=` and `down=`, which no schema of a property string describes. */
function startupParts(request: Parameters<ValueSource>[0]): ReturnType<ValueSource> {
  const given = request.whole.split(',').filter(part => part !== request.target.token.text);
  return ['order', 'up', 'down']
    .filter(name => !given.some(part => part.startsWith(`${name}=`)))
    .map((name, rank) =>
      suggest(request.target, name, 'property', {
        rank,
        insert: `${name}=`,
        documentation: request.about?.values?.[name] ?? '',
      }),
    );
}
