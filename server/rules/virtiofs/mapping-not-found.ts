import { nodeMappings } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { nearest } from '../../text/nearest.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const site = (value: string): string =>
  `--- etc/pve/mapping/directory.cfg\nshare\n\tmap node=pve1,path=/srv/share\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nvirtiofs0: ${value}\n`;

export const mappingNotFound = startRule({
  id: 'virtiofs/mapping-not-found',
  severity: 'error',
  since: '8.3.11',
  docs: {
    what: 'A `virtiofs` entry names a directory mapping that `directory.cfg` does not define, or that has no entry for the node of the VM. Silent where `directory.cfg` is not known.',
    why: 'The VM does not start.',
    source: observed('QemuServer/Virtiofs.pm'),
  },
  examples: [{ bad: site('«shaer»'), fixed: site('share'), good: site('share') }],
  needs: ['virtiofsN'],
  *find({ settings, file, world }) {
    const mappings = nodeMappings(world, file, 'dir');
    if (!mappings) return;
    for (const entry of settings.family('virtiofs')) {
      const value = property(entry, 'dirid')?.value;
      const found = value && mappings.get(value.text);
      if (!value || (found && found.here?.length !== 0)) continue;
      const meant = found ? undefined : nearest(value.text, mappings.keys(), 2);
      const fault = found
        ? `The directory mapping ${value.text} has no entry for this node.`
        : `There is no directory mapping ${value.text}.${meant === undefined ? '' : ` Was ${meant} meant?`}`;
      yield {
        span: atProperty(entry, 'dirid'),
        message: `${fault} ${noStart}`,
        fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, setProperty(entry, 'dirid', meant))],
      };
    }
  },
});
