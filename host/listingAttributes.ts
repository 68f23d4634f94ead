import type { Bar } from './inventory.ts';
import { classField, describeDevice, driverOf, type Facts, nameAndId } from './listingLine.ts';

/** The lines that `lspci -k`, `-v` and `-vv` print below a function, by their key in lower case. */
const detailReaders: Readonly<Record<string, (value: string) => Facts>> = {
  subsystem: value => {
    const { vendorId, deviceId, vendorName, deviceName } = describeDevice(value);
    const name = deviceName ?? vendorName;
    return {
      ...(vendorId && { subsystemVendorId: vendorId, subsystemDeviceId: deviceId }),
      ...(name && { subsystemName: name }),
    };
  },
  // lspci has no such line where there is no driver: nothing behind it means that the text was cut off.
  'kernel driver in use': value => (value === '' ? {} : { driver: driverOf(value) }),
  driver: value => ({ driver: driverOf(value) }),
  'kernel modules': value => ({ modules: moduleNames(value) }),
  'iommu group': value => integerFact('iommuGroup', value),
  'numa node': numaNode,
  flags: value => integerFact('iommuGroup', /\bIOMMU group (\d{1,6})\b/.exec(value)?.[1] ?? ''),
  'initial vfs': value => ({
    ...integerFact('vfTotal', /\bTotal VFs: (\d+)/.exec(value)?.[1] ?? ''),
    ...integerFact('vfCount', /\bNumber of VFs: (\d+)/.exec(value)?.[1] ?? ''),
  }),
};

/** The fields of `lspci -vmm` records. */
const recordReaders: Readonly<Record<string, (value: string) => Facts>> = {
  class: classField,
  vendor: value => nameAndId(value, 'vendorName', 'vendorId'),
  device: value => nameAndId(value, 'deviceName', 'deviceId'),
  svendor: value => nameAndId(value, undefined, 'subsystemVendorId'),
  sdevice: value => nameAndId(value, 'subsystemName', 'subsystemDeviceId'),
  rev: value => (/^[0-9a-f]{2}$/i.test(value) ? { revision: value.toLowerCase() } : {}),
  driver: value => ({ driver: driverOf(value) }),
  module: value => ({ modules: moduleNames(value) }),
  numanode: numaNode,
  iommugroup: value => integerFact('iommuGroup', value),
  physlot: () => ({}),
  progif: () => ({}),
  dtnode: () => ({}),
};

/** What a line below a function says; `undefined`: it is no such line. Known lines that say nothing give `{}`. */
export function readDetail(text: string): Facts | undefined {
  const colon = text.indexOf(':');
  const reader = colon > 0 && colon < 40 ? detailReaders[text.slice(0, colon).toLowerCase()] : undefined;
  return reader ? reader(text.slice(colon + 1).trim()) : readRegion(text);
}

/** What a field of a record says; `undefined`: it is no field of a record. */
export function readField(text: string): Facts | undefined {
  const found = /^([A-Za-z]{3,12}):\s+(.*)$/.exec(text);
  return found ? recordReaders[found[1]!.toLowerCase()]?.(found[2]!.trim()) : undefined;
}

/** `Region 0: Memory at e0000000 (64-bit, prefetchable) [size=256M]`, `Expansion ROM at …`. */
function readRegion(text: string): Facts | undefined {
  if (/^(?:\[virtual\] )?Expansion ROM at /.test(text)) return { hasRom: true };
  const found = /^Region ([0-5]): (?:\[virtual\] )?(?:Memory|I\/O ports) at \S+ (.*)$/.exec(text);
  const size = found && /\[size=(\d{1,12})([KMGT]?)\]/.exec(found[2]!);
  if (!size) return undefined;
  const bar: Bar = {
    index: Number(found[1]),
    size: Number(size[1]) * 1024 ** ' KMGT'.indexOf(size[2] || ' '),
    prefetchable: /[( ]prefetchable\)/.test(found[2]!),
  };
  return { bars: [bar] };
}

const moduleNames = (value: string): string[] => value.split(/[,\s]+/).filter(name => /^[\w-]+$/.test(name));

/** The kernel prints -1 for a function that belongs to no node. */
function numaNode(value: string): Facts {
  return /^\d{1,4}$/.test(value) ? { numaNode: Number(value) } : {};
}

function integerFact(name: 'iommuGroup' | 'vfTotal' | 'vfCount', value: string): Facts {
  return /^\d{1,6}$/.test(value.trim()) ? { [name]: Number(value) } : {};
}
