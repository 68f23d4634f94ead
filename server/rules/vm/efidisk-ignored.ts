import { encryptionWithoutEfiVariables } from '../../languages/vmConf/machine.ts';
import { atKey, observed, startRule } from '../startRule.ts';

export const efidiskIgnored = startRule({
  id: 'vm/efidisk-ignored',
  severity: 'warning',
  since: '8.3.10',
  docs: {
    what: 'The VM has an EFI disk together with AMD SEV-SNP or Intel TDX.',
    why: 'These guests keep no UEFI variables: the VM starts with a warning and without the disk.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'amd-sev: snp\nbios: ovmf\n«efidisk0»: local-lvm:vm-100-disk-0,efitype=4m,size=4M\n',
      good: 'amd-sev: es\nbios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,size=4M\n',
    },
  ],
  needs: ['amd-sev', 'intel-tdx'],
  *find({ settings }) {
    const disk = settings.entry('efidisk0');
    const encryption = encryptionWithoutEfiVariables(settings);
    if (!disk || !encryption) return;
    yield {
      span: atKey(disk),
      message: `The EFI disk is not used: a guest with ${encryption} keeps no UEFI variables.`,
    };
  },
});
