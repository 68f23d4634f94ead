import { nodeMappings } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { nearest } from '../../text/nearest.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const site = (value: string): string =>
  `--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:1b80,node=pve1,path=0000:01:00.0\n\nother\n\tmap id=10de:1b80,node=pve2,path=0000:01:00.0\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: mapping=${value}\n`;

export const mappingNotFound = startRule({
  id: 'hostpci/mapping-not-found',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `hostpci` entry names a mapping that `pci.cfg` does not define, or that has no entry for the node of the VM. Silent where `pci.cfg` is not known.',
    why: 'The VM does not start, and checks before a migration fail too.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    { bad: site('«gup»'), fixed: site('gpu'), good: site('gpu') },
    { bad: site('«other»'), good: site('gpu') },
  ],
  needs: ['hostpciN.mapping'],
  *find({ settings, file, world }) {
    const mappings = nodeMappings(world, file, 'pci');
    if (!mappings) return;
    for (const entry of settings.family('hostpci')) {
      const value = property(entry, 'mapping')?.value;
      if (!value || property(entry, 'host')) continue;
      const found = mappings.get(value.text);
      if (found && (found.here === undefined || found.here.length > 0)) continue;
      const meant = found ? undefined : nearest(value.text, mappings.keys(), 2);
      yield {
        span: atProperty(entry, 'mapping'),
        message: found
          ? `The mapping ${value.text} has no entry for node ${file.place.node ?? 'of this VM'}. ${noStart} Add one to pci.cfg.`
          : `There is no PCI mapping ${value.text}.${meant === undefined ? '' : ` Was ${meant} meant?`} ${noStart}`,
        fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, setProperty(entry, 'mapping', meant))],
      };
    }
  },
});
