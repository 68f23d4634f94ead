import { isIceLakeOrNewer, isIntelGraphics } from '../../facts/intelGraphics.ts';
import { isFlagOn } from '../../languages/vmConf/config.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { atPart } from '../startRule.ts';

const host = (device: string): string =>
  `hostpci snapshot 1\n== pci functions: ok\n0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: ${device}\n== end\n`;

export const legacyIgdGeneration = deviceRule({
  id: 'hostpci/legacy-igd-generation',
  severity: 'warning',
  docs: {
    what: '`legacy-igd=1` with Intel graphics newer than Comet Lake.',
    why: 'Legacy mode needs a VGA BIOS, and from Ice Lake on the firmware has none: the screen stays black. Such graphics want OVMF and a UEFI driver in a `romfile`.',
    source: 'https://github.com/LongQT-sea/intel-igpu-passthru',
  },
  examples: [
    {
      bad: 'hostpci0: 0000:00:02.0,«legacy-igd=1»\nvga: none\n',
      good: 'hostpci0: 0000:00:02.0\nvga: none\n',
      host: host('4680'),
    },
  ],
  *find({ handover: { entry, passed } }) {
    const graphics = passed.find(({ fn }) => isIntelGraphics(fn) && isIceLakeOrNewer(fn));
    if (!graphics || !isFlagOn(entry, 'legacy-igd')) return;
    yield {
      span: atPart(entry, 'legacy-igd'),
      message: `${named(graphics.fn)} has no VGA BIOS, which legacy mode needs: the screen stays black. Use bios: ovmf, a romfile with its UEFI driver and args: -set device.${entry.key}.x-igd-lpc=on.`,
    };
  },
});
