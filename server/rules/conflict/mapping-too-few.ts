import { startsByItself } from '../../facts/guestStart.ts';
import { startingUsesOfMapping } from '../../facts/otherGuests.ts';
import { nodeMappings } from '../../facts/passedDevices.ts';
import { property } from '../../languages/vmConf/config.ts';
import { tokenSpan } from '../../text/span.ts';
import { atProperty, readIn, startRule } from '../startRule.ts';

const vm = (id: number, name: string): string =>
  `--- etc/pve/nodes/pve1/qemu-server/${id}.conf\nhostpci0: mapping=${name}\nonboot: 1\n`;
const site = (count: number, name: string): string =>
  `--- etc/pve/mapping/pci.cfg\nnics\n\tmap id=8086:1572,node=pve1,path=0000:03:00.0\n\tmap id=8086:1572,node=pve1,path=0000:03:00.1\n${[
    100, 101, 102,
  ]
    .slice(0, count)
    .map(id => vm(id, name))
    .join('')}`;

export const mappingTooFew = startRule({
  id: 'conflict/mapping-too-few',
  severity: 'warning',
  since: '8.0.4',
  docs: {
    what: 'More VMs that start by themselves use a mapping than it has devices on the node.',
    why: 'Each VM takes the first device that is free. The last one finds none and does not start.',
    source: `${readIn('QemuServer/PCI.pm')} choose_hostpci_devices`,
  },
  examples: [{ bad: site(3, '«nics»'), good: site(2, 'nics') }],
  needs: ['hostpciN.mapping'],
  *find({ settings, file, world }) {
    if (!startsByItself(world, file)) return;
    for (const entry of settings.family('hostpci')) {
      const id = property(entry, 'mapping')?.value.text;
      if (id === undefined || property(entry, 'mdev')) continue;
      const mapping = nodeMappings(world, file, 'pci')?.get(id);
      const { uses, vms } = startingUsesOfMapping(world, file, id);
      // One device for two VMs is conflict/same-device-two-vms, too many entries of one VM hostpci/no-free-alternative.
      if (!mapping?.here || mapping.here.length < 2 || vms < 2 || uses <= mapping.here.length) continue;
      yield {
        span: atProperty(entry, 'mapping'),
        message: `The mapping ${id} has ${mapping.here.length} devices on this node, and ${uses} are wanted by VMs that start by themselves: the last one will not start.`,
        related: [
          {
            uri: mapping.uri,
            span: tokenSpan(mapping.line, { text: id, start: 0, end: id.length }),
            message: 'The mapping.',
          },
        ],
      };
    }
  },
});
