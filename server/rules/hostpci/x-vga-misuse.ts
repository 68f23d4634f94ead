import { functionAt } from '../../../host/inventory.ts';
import { choicesOf } from '../../facts/passedDevices.ts';
import { type Entry, isFlagOn, type Settings } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';
import { atPart, atValue, observed, type Start, startRule } from '../startRule.ts';

export const xVgaMisuse = startRule({
  id: 'hostpci/x-vga-misuse',
  severity: 'warning',
  docs: {
    what: '`x-vga=1` on more than one device, on one that is no display, or beside a `vga:` line that keeps an emulated card.',
    why: '`x-vga` makes a device the primary display: there can be one. Without a `vga:` line it also switches the emulated display off; a line that names one keeps it as a second card.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,x-vga=1\nhostpci1: 02:00,«x-vga=1»\n',
      fixed: 'hostpci0: 01:00,x-vga=1\nhostpci1: 02:00\n',
      good: 'hostpci0: 01:00,x-vga=1\nhostpci1: 02:00\n',
    },
    { bad: 'hostpci0: 01:00,x-vga=1\nvga: «std»\n', good: 'hostpci0: 01:00,x-vga=1\nvga: none\n' },
    {
      bad: 'hostpci0: 03:00.0,«x-vga=1»\n',
      fixed: 'hostpci0: 03:00.0\n',
      good: 'hostpci0: 01:00.0,x-vga=1\n',
      host: 'hostpci snapshot 1\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n0000:03:00.0\n  class: 0200\n== end\n',
    },
  ],
  needs: ['hostpciN.x-vga'],
  *find(start) {
    const [first, ...others] = start.settings.family('hostpci').filter(entry => isFlagOn(entry, 'x-vga'));
    if (!first) return;
    for (const entry of others) yield without(start, entry, `${first.key} is the primary display already`);
    for (const entry of [first, ...others]) {
      if (isNoDisplay(start, entry)) yield without(start, entry, 'this device is no display');
    }
    yield* besideEmulated(start.settings, first);
  },
});

function without({ file }: Start, entry: Entry, why: string): Finding {
  const edit = removeProperty(file.tree, entry, 'x-vga');
  return {
    span: atPart(entry, 'x-vga'),
    message: `x-vga=1 makes a device the primary display, and ${why}.`,
    fixes: edit ? [fixIn(file, 'Leave out x-vga', edit)] : [],
  };
}

/** Display controllers are of class 03; silent where no function's class is known. */
function isNoDisplay({ world, file }: Start, entry: Entry): boolean {
  const inventory = inventoryOf(world, file);
  const classes = (choicesOf(world, file, entry) ?? [])
    .flatMap(choice => choice.functions ?? [])
    .map(address => inventory && functionAt(inventory, address)?.classId);
  return classes.length > 0 && classes.every(id => id !== undefined && !id.startsWith('03'));
}

/** A display that was kept on purpose, to reach the guest while its driver is broken, is no fault. */
function* besideEmulated(settings: Settings, device: Entry): Generator<Finding> {
  const vga = settings.entry('vga');
  if (!vga || /^(?:type=)?(?:none|serial[0-3])/.test(vga.stored)) return;
  yield {
    span: atValue(vga),
    severity: 'info',
    message: `This emulated display stays beside ${device.key}, and the guest may choose either. Set vga: none once the driver works.`,
  };
}
