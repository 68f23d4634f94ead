import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { noStart } from '../startRule.ts';

const host = (kernel: string): string => `hostpci snapshot 1
== kernel: ok
release: ${kernel}
== pci functions: ok
0000:02:00.0
  class: 0200
  driver: ixgbe
0000:02:10.0
  class: 0200
  pf: 0000:02:00.0
== end
`;

export const pmLessDeviceRegression = deviceRule({
  id: 'bind/pm-less-device-regression',
  severity: 'error',
  docs: {
    what: 'A VM gets a virtual function or a mediated device, and the host runs a Proxmox kernel 6.14 before 6.14.8-2.',
    why: 'vfio in these kernels stumbles over devices without power management of their own. QEMU cannot open the device, with "Permission denied" or an I/O error.',
    source: 'proxmox-kernel changelog, 6.14.8-2; kernel commit 7376eda',
  },
  examples: [{ bad: 'hostpci0: «02:10.0»\n', good: 'hostpci0: 02:00.0\n', host: host('6.14.8-1-pve') }],
  *find({ handover, inventory }) {
    const { release } = inventory.kernel;
    if (!/^6\.14\.[0-9]+-[0-9]+-pve$/.test(release ?? '') || kernelAtLeast(release, '6.14.8-2') !== false) return;
    const passed = handover.passed.find(({ fn }) => handover.kind === 'mediated' || fn.physicalFunction);
    if (!passed) return;
    yield {
      span: passed.span,
      message: `Kernel ${release} cannot hand over ${handover.kind === 'mediated' ? 'mediated devices' : 'virtual functions'} such as ${named(passed.fn)}. ${noStart} Update the kernel to 6.14.8-2 or newer.`,
    };
  },
});
