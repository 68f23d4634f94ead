import { isFlagOn, property, stored } from '../../languages/vmConf/config.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { atPart } from '../startRule.ts';

const host = `hostpci snapshot 1
== boot: ok
efi: no
== pci functions: ok
0000:01:00.0
  class: 0300
  boot-vga: yes
== end
`;

export const csmLegacyVga = deviceRule({
  id: 'firmware/csm-legacy-vga',
  severity: 'warning',
  docs: {
    what: 'An OVMF guest gets the graphics card with which the host was started in BIOS mode (CSM), as its primary display and without a ROM file.',
    why: 'In BIOS mode the firmware leaves a copy of the BIOS part of the ROM in memory, and the guest sees that copy. OVMF needs the UEFI part: nothing is on the screen until the driver of the guest has loaded.',
    source: 'pve-docs, qm-pci-passthrough.adoc; https://github.com/LongQT-sea/intel-igpu-passthru',
  },
  examples: [
    {
      bad: 'bios: ovmf\nhostpci0: 01:00.0,«x-vga=1»\n',
      good: 'bios: ovmf\nhostpci0: 01:00.0,romfile=gpu.rom,x-vga=1\n',
      host,
    },
  ],
  *find({ handover: { entry, passed, kind }, settings, inventory }) {
    if (inventory.boot.efi !== false || stored(settings, 'bios') !== 'ovmf' || kind === 'mediated') return;
    const card = passed.find(({ fn }) => fn.classId === '0300' && fn.bootVga === true);
    if (!card || !isFlagOn(entry, 'x-vga') || property(entry, 'romfile')) return;
    yield {
      span: atPart(entry, 'x-vga'),
      message: `The host was started in BIOS mode with ${named(card.fn)}, so OVMF sees the BIOS part of its ROM only: no picture until the guest's driver loads. Start the host in UEFI mode without CSM, or give a romfile.`,
    };
  },
});
