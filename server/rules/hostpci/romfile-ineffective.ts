import { flagOf, property } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, startRule } from '../startRule.ts';

export const romfileIneffective = startRule({
  id: 'hostpci/romfile-ineffective',
  severity: 'warning',
  docs: {
    what: 'A `hostpci` entry has a `romfile` and `rombar=0`.',
    why: 'With `rombar=0` the guest sees no ROM of the device, so the file has no effect.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00.0,«rombar=0»,romfile=gpu.rom\n',
      fixed: 'hostpci0: 01:00.0,romfile=gpu.rom\n',
      good: 'hostpci0: 01:00.0,romfile=gpu.rom\n',
    },
  ],
  needs: ['hostpciN.rombar'],
  *find({ settings, file }) {
    for (const entry of settings.family('hostpci')) {
      const edit = removeProperty(file.tree, entry, 'rombar');
      if (!edit || flagOf(entry, 'rombar') !== false || !property(entry, 'romfile')) continue;
      yield {
        span: atPart(entry, 'rombar'),
        message: 'rombar=0 hides the ROM from the guest, so the romfile has no effect.',
        fixes: [fixIn(file, 'Leave out rombar', edit)],
      };
    }
  },
});
