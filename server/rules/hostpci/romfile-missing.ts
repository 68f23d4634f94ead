import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { nearest } from '../../text/nearest.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, readIn, startRule } from '../startRule.ts';

const host =
  'hostpci snapshot 1\n== host: ok\nnode: pve1\n== rom files: ok\nrtx3050.rom\n  size: 262144\n  signature: yes\n== end\n';

/** The collector stops there. */
const mostThatAreListed = 300;

export const romfileMissing = startRule({
  id: 'hostpci/romfile-missing',
  severity: 'error',
  docs: {
    what: '`romfile` names a file that is not in `/usr/share/kvm` of the host that the VM is on.',
    why: 'QEMU looks for it there, and does not start without it. Each node of a cluster needs a copy of its own.',
    source: readIn('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 01:00,romfile=«rtx305.rom»\n',
      fixed: 'hostpci0: 01:00,romfile=rtx3050.rom\n',
      good: 'hostpci0: 01:00,romfile=rtx3050.rom\n',
      host,
    },
  ],
  needs: ['hostpciN.romfile'],
  *find({ settings, file, world }) {
    const inventory = inventoryOf(world, file);
    const roms = inventory?.romFiles?.map(({ name }) => name);
    if (!inventory || !roms || roms.length === 0 || roms.length >= mostThatAreListed) return;
    for (const entry of settings.family('hostpci')) {
      const name = property(entry, 'romfile')?.value.text;
      // A path is the business of hostpci/romfile-outside-directory.
      if (name === undefined || name.includes('/') || roms.includes(name)) continue;
      const meant = nearest(name, roms, 2);
      yield {
        span: atProperty(entry, 'romfile'),
        message: `${inventory.node ?? 'The host'} has no /usr/share/kvm/${name}. ${noStart} ${meant ? `Was ${meant} meant?` : 'Copy the file there.'}`,
        fixes: meant ? [fixIn(file, `Change to ${meant}`, setProperty(entry, 'romfile', meant))] : [],
      };
    }
  },
});
