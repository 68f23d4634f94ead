import { deviceRule, named } from '../deviceRule.ts';

const host = (driver: string): string => `hostpci snapshot 1
== kernel: ok
release: 7.0.14-2-pve
== pci functions: ok
0000:03:00.0
  class: 0300
  vendor: 1002
  device: 744c
  driver: ${driver}
0000:04:00.0
  class: 0200
  driver: igb
== end
`;

export const amdgpuUnbindHang = deviceRule({
  id: 'bind/amdgpu-unbind-hang',
  severity: 'error',
  docs: {
    what: 'An AMD graphics card for a VM is on amdgpu, and the host runs the Proxmox kernel 7.0.14-1 or 7.0.14-2.',
    why: 'In these kernels amdgpu crashes when it has to let go of a card: the start of the VM hangs, and only a reboot of the host ends that. It is fixed in 7.0.14-3.',
    source: 'proxmox-kernel changelog, 7.0.14-3',
  },
  examples: [{ bad: 'hostpci0: «03:00.0»\n', good: 'hostpci0: 04:00.0\n', host: host('amdgpu') }],
  *find({ handover, inventory }) {
    const { release } = inventory.kernel;
    if (handover.kind !== 'whole' || !/^7\.0\.14-[12]-pve$/.test(release ?? '')) return;
    const passed = handover.passed.find(({ fn }) => fn.driver === 'amdgpu');
    if (!passed) return;
    yield {
      span: passed.span,
      message: `${named(passed.fn)} is on amdgpu, which crashes in kernel ${release} when it has to let go: the start hangs. Update the kernel to 7.0.14-3 or newer, or keep amdgpu off the card.`,
    };
  },
});
