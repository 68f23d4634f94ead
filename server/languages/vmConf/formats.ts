import { addressWithInterface, devicePath, mountPath, nodeName, pathStart, timezone } from '../../values/container.ts';
import { cpuSet } from '../../values/cpuSet.ts';
import { diskSize } from '../../values/diskSize.ts';
import { address, ipv4, ipv4Config, ipv6, ipv6Config } from '../../values/ipAddress.ts';
import { listOf, matching, splitList, type ValueKind, withoutEmptyEnd } from '../../values/kind.ts';
import { macAddress } from '../../values/macAddress.ts';
import { bridgeId, configId, dnsName, storageId, tag, urlEncoded } from '../../values/names.ts';
import { volumeId, volumeOrPath } from '../../values/volume.ts';
import { type FormatName, optionOf } from './schema.ts';

/** What `hotplug:` may list; `1` stands for the default, `0` for nothing. */
export const hotplugFeatures = ['network', 'disk', 'cpu', 'memory', 'usb', 'cloudinit'] as const;

/** The features that a `hotplug:` value switches on. Source: qemu-server, parse_hotplug_features. */
export function readHotplug(text: string): ReadonlySet<string> {
  if (text === '0') return new Set();
  return new Set(text === '1' ? ['network', 'disk', 'usb'] : splitList(text));
}

const hotplug: ValueKind = {
  describe: `0, 1 or a list of ${hotplugFeatures.join(', ')}`,
  check: text => {
    if (text === '0' || text === '1') return undefined;
    const unknown = splitList(text).find(item => !(hotplugFeatures as readonly string[]).includes(item));
    return unknown === undefined ? undefined : `has "${unknown}", which is none of ${hotplugFeatures.join(', ')}`;
  },
  complete: () => hotplugFeatures.map(text => ({ text })),
};

const startup: ValueKind = {
  describe: 'order=N, up=SECONDS and down=SECONDS with commas between them',
  check: text => {
    if (text === '' || text === '0') return 'is taken for no value at all: write order=0';
    const bad = withoutEmptyEnd(text.split(',')).find(
      part => !/^[ \t\r\f\v]*$|^(?:order=|up=|down=)?[0-9]+$/.test(part),
    );
    return bad === undefined ? undefined : `has the part "${bad}", which is none of order=N, up=SECONDS, down=SECONDS`;
  },
};

const devices = (describe: string, families: ReadonlySet<string>): ValueKind => ({
  describe,
  check: text => {
    const name = optionOf(text);
    return name?.index !== undefined && families.has(name.name) ? undefined : `is not ${describe}`;
  },
});

/** The families that `boot: order=` may name. */
export const bootFamilies: ReadonlySet<string> = new Set(['hostpci', 'ide', 'net', 'sata', 'scsi', 'usb', 'virtio']);
/** The families whose members are drives that a guest can boot from. */
export const driveFamilies = ['ide', 'sata', 'scsi', 'virtio'] as const;
/** Those that hold a volume. */
export const diskFamilies = [...driveFamilies, 'efidisk', 'tpmstate'] as const;

const physBits: ValueKind = matching('host or a number from 8 to 64', /^(?:host|0?[89]|[1-5][0-9]|6[0-4])$/, {
  complete: () => [{ text: 'host' }],
});

const bootDevice = devices('a device that can boot, such as scsi0 or net0', bootFamilies);

/**
 * The formats that the schema names. The definitions in data/vm-schema.json are the reference: a test compares them
 * with these kinds.
 */
export const formats: Readonly<Record<FormatName, ValueKind>> = {
  'address-list': listOf('a list of IP addresses', address),
  'disk-size': diskSize,
  'dns-name': dnsName,
  'dns-name-list': listOf('a list of host names', dnsName),
  ipv4,
  ipv6,
  'lxc-ip-with-ll-iface-list': listOf('a list of IP addresses', addressWithInterface),
  'mac-addr': macAddress,
  'pve-bridge-id': bridgeId,
  'pve-configid': configId,
  'pve-cpuset': cpuSet,
  'pve-ct-timezone': timezone,
  'pve-hotplug-features': hotplug,
  'pve-ipv4-config': ipv4Config,
  'pve-ipv6-config': ipv6Config,
  'pve-lxc-dev-string': devicePath,
  'pve-lxc-mp-string': mountPath,
  'pve-node': nodeName,
  'pve-phys-bits': physBits,
  'pve-qm-bootdev-list': listOf('a list of devices such as scsi0;net0', bootDevice),
  'pve-qm-bootdisk': devices('a disk such as scsi0', new Set<string>(diskFamilies)),
  'pve-startup-order': startup,
  'pve-storage-id': storageId,
  'pve-storage-path-in-property-string': pathStart,
  'pve-tag-list': listOf('a list of tags', tag),
  'pve-volume-id': volumeId,
  'pve-volume-id-list': listOf('a list of volumes', volumeId),
  'pve-volume-id-or-qm-path': volumeOrPath,
  urlencoded: urlEncoded,
};
