import { membersOf, spanOf } from '../../facts/handovers.ts';
import { choicesOf } from '../../facts/passedDevices.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { startRule } from '../startRule.ts';

const host = 'hostpci snapshot 1\n== pci functions: ok\n10000:e1:00.0\n  class: 0108\n== end\n';

export const vmdHidesNvme = startRule({
  id: 'firmware/vmd-hides-nvme',
  severity: 'error',
  docs: {
    what: 'A VM gets a device in a PCI domain of five digits, `10000:e1:00.0`: it hangs behind an Intel VMD controller. A warning where the host is not known to have it.',
    why: 'Devices behind VMD have no interrupts and no IOMMU group of their own. They cannot be passed through one by one.',
    source: 'kernel, drivers/pci/controller/vmd.c: domains from 0x10000 on; https://github.com/spdk/spdk/issues/480',
  },
  examples: [{ bad: 'hostpci0: «10000:e1:00.0»\n', good: 'hostpci0: 0000:00:0e.0\n', host }],
  needs: ['hostpciN'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    for (const entry of settings.family('hostpci')) {
      const [choice] = choicesOf(world, file, entry) ?? [];
      const item = choice?.items.find(({ slot }) => /^[0-9a-f]{5,}:/.test(slot));
      if (!item) continue;
      yield {
        span: spanOf(entry, item),
        severity: inventory && membersOf(inventory, item).length > 0 ? 'error' : 'warning',
        message: `${item.text} is behind an Intel VMD controller and cannot be passed through alone. Switch VMD (RST) off in the firmware, where the host does not boot from it, or pass the whole controller.`,
      };
    }
  },
});
