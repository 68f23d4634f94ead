import { isFlagOn } from '../../languages/vmConf/config.ts';
import { removeProperty } from '../../languages/vmConf/edits.ts';
import { isMachineOlder, machineVersionAtStart } from '../../languages/vmConf/machine.ts';
import { drivesOf } from '../../languages/vmConf/start.ts';
import { fixIn } from '../edits.ts';
import { atPart, noStart, observed, ofDisks, startRule } from '../startRule.ts';

export const snapshotNeedsOlderMachine = startRule({
  id: 'drive/snapshot-needs-older-machine',
  severity: 'error',
  since: '9.0.1',
  docs: {
    what: 'A drive has `snapshot=1` on a machine of version 10.0 or newer.',
    why: 'The new way in which QEMU opens drives has no temporary snapshots. The VM does not start.',
    source: observed('QemuServer/Blockdev.pm'),
  },
  examples: [
    {
      bad: 'machine: pc-q35-10.0\nscsi0: local-lvm:vm-100-disk-0,«snapshot=1»\n',
      fixed: 'machine: pc-q35-10.0\nscsi0: local-lvm:vm-100-disk-0\n',
      good: 'machine: pc-q35-9.2\nscsi0: local-lvm:vm-100-disk-0,snapshot=1\n',
    },
  ],
  needs: ofDisks('snapshot'),
  *find({ settings, file, versions }) {
    if (isMachineOlder(machineVersionAtStart(settings, versions.qemu), 10, 0)) return;
    for (const entry of drivesOf(settings)) {
      const edit = isFlagOn(entry, 'snapshot') && removeProperty(file.tree, entry, 'snapshot');
      if (!edit) continue;
      yield {
        span: atPart(entry, 'snapshot'),
        message: `snapshot=1 works with machine versions below 10.0 only. ${noStart}`,
        fixes: [fixIn(file, 'Leave out snapshot', edit)],
      };
    }
  },
});
