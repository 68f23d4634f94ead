import { nodeMappings } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { nearest } from '../../text/nearest.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const site = (value: string): string =>
  `--- etc/pve/mapping/usb.cfg\nstick\n\tmap id=046d:c52b,node=pve1\n\ntwice\n\tmap id=046d:c52b,node=pve1\n\tmap id=046d:c52c,node=pve1\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nusb0: mapping=${value}\n`;

export const mappingNotFound = startRule({
  id: 'usb/mapping-not-found',
  severity: 'error',
  since: '8.0.4',
  docs: {
    what: 'A `usb` entry names a mapping that `usb.cfg` does not define, or that has no entry or more than one for the node of the VM. Silent where `usb.cfg` is not known.',
    why: 'The VM does not start: unlike PCI mappings, USB mappings have no alternatives.',
    source: observed('QemuServer/USB.pm'),
  },
  examples: [
    { bad: site('«stikc»'), fixed: site('stick'), good: site('stick') },
    { bad: site('«twice»'), good: site('stick') },
  ],
  needs: ['usbN.mapping'],
  *find({ settings, file, world }) {
    const mappings = nodeMappings(world, file, 'usb');
    if (!mappings) return;
    for (const entry of settings.family('usb')) {
      const value = property(entry, 'mapping')?.value;
      if (!value || property(entry, 'host')) continue;
      const found = mappings.get(value.text);
      const count = found?.here?.length;
      if (found && (count === undefined || count === 1)) continue;
      const meant = found ? undefined : nearest(value.text, mappings.keys(), 2);
      const fault = !found
        ? `There is no USB mapping ${value.text}.${meant === undefined ? '' : ` Was ${meant} meant?`}`
        : `The mapping ${value.text} has ${count} entries for this node, not one.`;
      yield {
        span: atProperty(entry, 'mapping'),
        message: `${fault} ${noStart}`,
        fixes: meant === undefined ? [] : [fixIn(file, `Change to ${meant}`, setProperty(entry, 'mapping', meant))],
      };
    }
  },
});
