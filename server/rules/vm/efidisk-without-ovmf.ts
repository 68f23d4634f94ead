import { configOf, stored } from '../../languages/vmConf/config.ts';
import { addEntry, setValue } from '../../languages/vmConf/edits.ts';
import { fixIn } from '../edits.ts';
import { atKey, observed, startRule } from '../startRule.ts';

export const efidiskWithoutOvmf = startRule({
  id: 'vm/efidisk-without-ovmf',
  severity: 'warning',
  docs: {
    what: 'The VM has an EFI disk but does not boot with OVMF.',
    why: 'The disk is not used, and since qemu-server 6.1-7 it is left out of backups.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: '«efidisk0»: local-lvm:vm-100-disk-0,size=4M\n',
      fixed: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,size=4M\n',
      good: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,size=4M\n',
    },
  ],
  needs: ['efidiskN'],
  *find({ settings, file }) {
    const disk = settings.entry('efidisk0');
    if (!disk || stored(settings, 'bios') === 'ovmf') return;
    const bios = settings.entry('bios');
    const edit = bios ? setValue(bios, 'ovmf') : addEntry(file.tree, configOf(file).main.section, 'bios', 'ovmf');
    yield {
      span: atKey(disk),
      message:
        'This EFI disk is not used, because the VM boots with SeaBIOS; backups leave it out. Set bios: ovmf if the guest was installed with UEFI.',
      fixes: [fixIn(file, 'Boot with OVMF', edit)],
    };
  },
});
