import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atProperty, observed, startRule } from '../startRule.ts';

export const romfileOutsideDirectory = startRule({
  id: 'hostpci/romfile-outside-directory',
  severity: 'warning',
  docs: {
    what: '`romfile=` is an absolute path or has `..` in it.',
    why: 'The name is always put behind /usr/share/kvm/, whatever it starts with: QEMU does not find the file, and the start fails late. Copy the file there and write its name alone.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,romfile=«/root/gpu.rom»\n',
      fixed: 'hostpci0: 01:00,romfile=gpu.rom\n',
      good: 'hostpci0: 01:00,romfile=gpu.rom\n',
    },
  ],
  needs: ['hostpciN.romfile'],
  *find({ settings, file }) {
    for (const entry of settings.family('hostpci')) {
      const text = property(entry, 'romfile')?.value.text ?? '';
      if (!text.startsWith('/') && !text.split('/').includes('..')) continue;
      const name = text.slice(text.lastIndexOf('/') + 1);
      yield {
        span: atProperty(entry, 'romfile'),
        message: `QEMU looks for this below /usr/share/kvm/ and will not find it. Copy the file there and write romfile=${name}.`,
        fixes: name === '' ? [] : [fixIn(file, `Write romfile=${name}`, setProperty(entry, 'romfile', name))],
      };
    }
  },
});
