import { own } from '../vmConf/schema.ts';
import type { MappingKind } from './config.ts';

/** What a key of a section, or a sub-property of `map`, means; Markdown, in our own words. */
export const docOf = (kind: MappingKind, key: string, isSub: boolean): string | undefined =>
  own(docs, `${kind}.${isSub ? 'map.' : ''}${key}`) ?? own(docs, `${isSub ? 'map.' : ''}${key}`);

/** What a mapping is, for the hover on its id. */
export const kindDocs: Readonly<Record<MappingKind, string>> = {
  pci: 'A **PCI mapping**: one name for a device (or several that can stand in for each other) on every node that has one. A VM uses it with `hostpciN: mapping=NAME`.',
  usb: 'A **USB mapping**: one name for a USB device on every node that has one. A VM uses it with `usbN: mapping=NAME`.',
  dir: 'A **directory mapping**: one name for a directory on every node that has it. A VM uses it with `virtiofsN: dirid=NAME`.',
};

const docs: Readonly<Record<string, string>> = {
  description: 'A note for people. It is shown in the list of mappings.',
  mdev: '`1`: the devices offer mediated devices (vGPU types), and a VM picks one with `mdev=`. It must say what the hardware says: a VM does not start when the flag is set and the device offers no types, or the other way round.',
  'live-migration-capable':
    '`1`: the device can carry its state over, so that a running VM with it may be migrated. Experimental; hardware, driver and both nodes must support it.',
  map: 'What the mapping means on one node. Of several lines for the same node the first whose device is free is used.',
  'usb.map': 'What the mapping means on one node: one line a node.',
  'dir.map': 'What the mapping means on one node: one line a node.',
  'map.node': 'The node that this line is for.',
  'map.description': 'A note about the device on this node.',
  'pci.map.path':
    'The PCI address on that node, written whole (`0000:01:00.0`). Without the function the whole device is meant. Several addresses with `;` between them are handed over **together**, as one multifunction device; for alternatives write several `map` lines.',
  'pci.map.id':
    'Vendor and device id that must be found there, in lower case. Every address in `path=` is compared with it; the VM does not start when it differs.',
  'pci.map.subsystem-id':
    "Vendor and device id of the card's maker, in lower case. It must be there when the device has one, and must be equal.",
  'pci.map.iommugroup':
    'Number of the IOMMU group in which the first address must be. It must be there when the device is in a group, and must be equal.',
  'usb.map.id':
    'Vendor and product id, in lower case. With `path=` it is what must be found at that port, without it is what is looked for.',
  'usb.map.path': 'Bus and port such as `1-4.2`. Without it the device is found by its id, wherever it is plugged in.',
  'dir.map.path': 'Absolute path of a directory on that node. It must exist when a VM that shares it starts.',
};
