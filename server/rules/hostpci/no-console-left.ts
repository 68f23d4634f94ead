import { configOf, isFlagOn } from '../../languages/vmConf/config.ts';
import { addEntry } from '../../languages/vmConf/edits.ts';
import { displayOf } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atPart, atValue, observed, startRule } from '../startRule.ts';

export const noConsoleLeft = startRule({
  id: 'hostpci/no-console-left',
  severity: 'info',
  docs: {
    what: 'The VM has no emulated display (`vga: none`, or `x-vga=1` without a `vga:` line), no serial port and no guest agent.',
    why: 'Until the guest drives the passed-through card, or if it ever fails to, nothing shows what it does.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,«x-vga=1»\n',
      fixed: 'hostpci0: 01:00,x-vga=1\nserial0: socket\n',
      good: 'hostpci0: 01:00,x-vga=1\nserial0: socket\n',
    },
    {
      bad: 'hostpci0: 01:00\nvga: «none»\n',
      fixed: 'hostpci0: 01:00\nserial0: socket\nvga: none\n',
      good: 'hostpci0: 01:00\n',
    },
  ],
  *find({ settings, file }) {
    const devices = settings.family('hostpci');
    const vga = settings.entry('vga');
    const primary = devices.find(entry => isFlagOn(entry, 'x-vga'));
    const isBlind = vga ? displayOf(settings) === 'none' : primary !== undefined;
    const mark = vga ? atValue(vga) : primary && atPart(primary, 'x-vga');
    if (!isBlind || !mark || devices.length === 0) return;
    if (settings.family('serial').length > 0 || isFlagOn(settings.entry('agent'), 'enabled')) return;
    const edit = addEntry(file.tree, configOf(file).main.section, 'serial0', 'socket');
    yield {
      span: mark,
      message:
        'Nothing shows what this guest does while its own display does not work: no emulated display, no serial port, no agent.',
      fixes: [fixIn(file, 'Add a serial console', edit)],
    };
  },
});
