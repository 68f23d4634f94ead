import { storagesNear } from '../../facts/storages.ts';
import { property } from '../../languages/vmConf/config.ts';
import { isMachineOlder, machineVersionAtStart } from '../../languages/vmConf/machine.ts';
import { disksOf } from '../../languages/vmConf/start.ts';
import { parseVolumeId } from '../../values/volume.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

const site = (machine: string): string =>
  `--- etc/pve/storage.cfg\ndir: chain\n\tpath /srv/chain\n\tcontent images\n\tsnapshot-as-volume-chain 1\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nmachine: ${machine}\nscsi0: `;

export const volumeChainNeedsNewerMachine = startRule({
  id: 'drive/volume-chain-needs-newer-machine',
  severity: 'error',
  since: '9.0',
  docs: {
    what: 'A qcow2 disk is on a storage with `snapshot-as-volume-chain`, and the machine is older than 10.0.',
    why: 'Only newer machines open drives in the way that chains of volumes need. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: `${site('pc-q35-9.2')}«chain:100/vm-100-disk-0.qcow2»\n`,
      good: `${site('pc-q35-10.0')}chain:100/vm-100-disk-0.qcow2\n`,
    },
  ],
  *find({ settings, file, world, versions }) {
    if (!isMachineOlder(machineVersionAtStart(settings, versions.qemu), 10, 0)) return;
    const storages = storagesNear(world, file);
    for (const entry of disksOf(settings)) {
      const volume = parseVolumeId(property(entry, 'file')?.value.text ?? '');
      if (!volume?.name.endsWith('.qcow2') || !storages?.get(volume.storage)?.hasVolumeChain) continue;
      yield {
        span: atProperty(entry, 'file'),
        message: `Disks on ${volume.storage} keep their snapshots as volumes of their own, which needs machine version 10.0. ${noStart}`,
      };
    }
  },
});
