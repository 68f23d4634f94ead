import { property } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { atProperty, startRule } from '../startRule.ts';

const host =
  'hostpci snapshot 1\n== rom files: ok\ndump.rom\n  size: 131072\n  signature: no\ngood.rom\n  size: 262144\n  signature: yes\n== end\n';

export const romfileInvalid = startRule({
  id: 'hostpci/romfile-invalid',
  severity: 'warning',
  docs: {
    what: '`romfile` names a file that is no ROM: it does not begin with the bytes 55 AA.',
    why: 'It was dumped while the card was in use, or still has the header of a flash tool in front. The guest cannot start the card with it, and its screen stays black.',
    source: 'PCI Firmware Specification, expansion ROM header; https://github.com/awilliam/rom-parser/issues/4',
  },
  examples: [{ bad: 'hostpci0: 01:00,romfile=«dump.rom»\n', good: 'hostpci0: 01:00,romfile=good.rom\n', host }],
  needs: ['hostpciN.romfile'],
  *find({ settings, file, world }) {
    const roms = inventoryOf(world, file)?.romFiles;
    for (const entry of settings.family('hostpci')) {
      const name = property(entry, 'romfile')?.value.text;
      const rom = roms?.find(one => one.name === name);
      if (!rom || (rom.size !== 0 && rom.validSignature !== false)) continue;
      yield {
        span: atProperty(entry, 'romfile'),
        message: `${rom.name} ${rom.size === 0 ? 'is empty' : 'does not begin with 55 AA, so it is no ROM'}. Dump it again while nothing uses the card, or take it from a firmware image.`,
      };
    }
  },
});
