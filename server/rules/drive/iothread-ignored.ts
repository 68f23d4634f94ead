import { configOf, isFlagOn, stored } from '../../languages/vmConf/config.ts';
import { addEntry, removeProperty, setValue } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atPart, observed, startRule } from '../startRule.ts';

export const iothreadIgnored = startRule({
  id: 'drive/iothread-ignored',
  severity: 'warning',
  docs: {
    what: 'A `scsiN` drive has `iothread=1`, and the controller is not `virtio-scsi-single`.',
    why: 'An I/O thread needs a controller of its own per disk: the VM starts with a warning and without the thread.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'scsi0: local-lvm:vm-100-disk-0,«iothread=1»\nscsihw: virtio-scsi-pci\n',
      fixed: 'scsi0: local-lvm:vm-100-disk-0,iothread=1\nscsihw: virtio-scsi-single\n',
      good: 'scsi0: local-lvm:vm-100-disk-0,iothread=1\nscsihw: virtio-scsi-single\n',
    },
  ],
  needs: ['scsiN.iothread'],
  *find({ settings, file }) {
    if (stored(settings, 'scsihw') === 'virtio-scsi-single') return;
    const hardware = settings.entry('scsihw');
    const single = 'virtio-scsi-single';
    for (const entry of settings.family('scsi')) {
      const removal = isFlagOn(entry, 'iothread') && removeProperty(file.tree, entry, 'iothread');
      if (!removal) continue;
      const edit = hardware
        ? setValue(hardware, single)
        : addEntry(file.tree, configOf(file).main.section, 'scsihw', single);
      yield {
        span: atPart(entry, 'iothread'),
        message: `iothread has no effect with scsihw ${hardware?.stored ?? 'lsi'}: it needs ${single}.`,
        fixes: [fixIn(file, `Set scsihw: ${single}`, edit), fixIn(file, 'Leave out iothread', removal)],
      };
    }
  },
});
