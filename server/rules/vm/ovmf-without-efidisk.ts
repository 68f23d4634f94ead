import { encryptionWithoutEfiVariables } from '../../languages/vmConf/machine.ts';
import { atValue, observed, startRule } from '../startRule.ts';

export const ovmfWithoutEfidisk = startRule({
  id: 'vm/ovmf-without-efidisk',
  severity: 'warning',
  since: '5.0-16',
  docs: {
    what: 'The VM boots with OVMF (`bios: ovmf`) and has no EFI disk.',
    why: 'It starts with a warning. UEFI settings and boot entries are kept in a temporary file and forgotten when the VM stops.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'bios: «ovmf»\n',
      good: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,pre-enrolled-keys=1,size=4M\n',
    },
  ],
  needs: ['bios'],
  *find({ settings }) {
    const bios = settings.entry('bios');
    if (bios?.stored !== 'ovmf' || settings.entry('efidisk0')) return;
    if (encryptionWithoutEfiVariables(settings)) return;
    yield {
      span: atValue(bios),
      message:
        'There is no EFI disk: the guest forgets its boot entries and UEFI settings at every stop. Add one with "qm set VMID --efidisk0 STORAGE:1,efitype=4m,pre-enrolled-keys=1".',
    };
  },
});
