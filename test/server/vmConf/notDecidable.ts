/**
 * Start failures of vm-start.jsonl that neither the file nor the fixture decides, and why. The error codes are the real
 * program's first error; see test/verdicts/README.md.
 */
export const notDecidable: Readonly<Record<string, string>> = {
  'serial-device-absent': 'whether a device node such as /dev/ttyS9 exists is state of the host that no snapshot has',
  'numa-hostnode-absent': 'the NUMA nodes of the host are not in a snapshot',
  'vga-virtio-gl-host': 'libraries and render nodes of the host',
  'usb-mapping-invalid': 'the USB devices that are plugged in',
  'virtiofs-mapping-invalid': 'whether a directory exists on the host',
};
