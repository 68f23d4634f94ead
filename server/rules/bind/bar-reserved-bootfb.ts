import { deviceRule, named } from '../deviceRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  boot-vga: yes
0000:02:00.0
  class: 0300
== kernel messages: ok
  | vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xc0000000-0xcfffffff 64bit pref]
== end
`;

export const barReservedBootfb = deviceRule({
  id: 'bind/bar-reserved-bootfb',
  severity: 'warning',
  docs: {
    what: 'The kernel said that vfio-pci could not reserve a memory region of a graphics card that a VM gets.',
    why: "Something of the host still holds the region, as a rule the framebuffer of the boot. The guest's driver then fails or the screen stays black.",
    source: 'kernel, drivers/vfio/pci; https://github.com/siderolabs/talos/issues/14356',
  },
  examples: [{ bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 02:00.0\n', host }],
  *find({ handover, inventory }) {
    if (handover.kind !== 'whole') return;
    for (const { fn, span } of handover.passed) {
      const start = `vfio-pci ${fn.address}: BAR `;
      const line = inventory.kernelMessages?.find(text => text.startsWith(start) && text.includes("can't reserve"));
      if (!line || !fn.classId?.startsWith('03')) continue;
      yield {
        span,
        message: `The kernel could not reserve BAR ${line.slice(start.length, start.length + 1)} of ${named(fn)}: the framebuffer of the boot holds it. Make another card the primary one in the firmware, or try initcall_blacklist=sysfb_init.`,
      };
    }
  },
});
