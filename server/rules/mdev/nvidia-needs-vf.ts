import { mediatedDevicesOf } from '../../facts/mediated.ts';
import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { property } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { named } from '../deviceRule.ts';
import { atProperty, noStart, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== kernel: ok
release: 6.8.12-9-pve
== pci functions: ok
0000:41:00.0
  class: 0302
  vendor: 10de
  driver: nvidia
  vf-total: 16
  vf-count: 0
  mdev: none
0000:41:00.4
  class: 0302
  vendor: 10de
  driver: nvidia
  pf: 0000:41:00.0
  mdev: nvidia-63 nvidia 1
== end
`;

export const nvidiaNeedsVf = startRule({
  id: 'mdev/nvidia-needs-vf',
  severity: 'error',
  since: '8.2.5',
  docs: {
    what: 'A vGPU is asked of an NVIDIA card that has virtual functions, of the card itself and not of one of them. Cards without SR-IOV (Pascal, Turing) are not meant.',
    why: 'From kernel 6.8 on vGPUs are made on virtual functions. The card itself offers no types, and the VM does not start.',
    source: 'qemu-server 9.2.6, PVE/QemuServer/PCI/Mdev.pm create_nvidia_device',
  },
  examples: [{ bad: 'hostpci0: «41:00.0»,mdev=nvidia-63\n', good: 'hostpci0: 41:00.4,mdev=nvidia-63\n', host }],
  needs: ['hostpciN.mdev'],
  *find({ file, world }) {
    if (!kernelAtLeast(inventoryOf(world, file)?.kernel.release, '6.8')) return;
    for (const { entry, parent } of mediatedDevicesOf(world, file)) {
      if (parent.vendorId !== '10de' || parent.physicalFunction || !parent.vfTotal || parent.mdevTypes?.length)
        continue;
      const advice = parent.vfCount
        ? 'Name one of its virtual functions.'
        : 'Make them at boot (systemctl enable pve-nvidia-sriov@ALL.service) and name one of them.';
      yield {
        span: atProperty(entry, property(entry, 'mapping') ? 'mapping' : 'host'),
        message: `${named(parent)} makes vGPUs on its virtual functions only. ${noStart} ${advice}`,
      };
    }
  },
});
