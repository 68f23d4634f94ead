import { isFlagOn, stored, textOfProperty } from '../../languages/vmConf/config.ts';
import { encryptionWithoutEfiVariables } from '../../languages/vmConf/machine.ts';
import { atPart, readIn, startRule } from '../startRule.ts';

export const oldSecureBootCertificates = startRule({
  id: 'vm/old-secure-boot-certificates',
  severity: 'info',
  since: '9.1.5',
  docs: {
    what: 'An EFI disk was made with Secure Boot keys (`pre-enrolled-keys=1`) and does not say that it has the certificates of 2023 (`ms-cert=2023k`).',
    why: 'Every start warns that the certificates of 2011 on it run out: a guest with newer boot files may not start with Secure Boot one day.',
    source: readIn('QemuServer/OVMF.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,«pre-enrolled-keys=1»,size=4M\n',
      good: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,ms-cert=2023k,pre-enrolled-keys=1,size=4M\n',
    },
  ],
  needs: ['efidiskN.pre-enrolled-keys'],
  *find({ settings }) {
    const entry = settings.entry('efidisk0');
    if (!entry || stored(settings, 'bios') !== 'ovmf' || encryptionWithoutEfiVariables(settings)) return;
    if (!isFlagOn(entry, 'pre-enrolled-keys') || textOfProperty(entry, 'efitype') !== '4m') return;
    if (textOfProperty(entry, 'ms-cert') === '2023k') return;
    yield {
      span: atPart(entry, 'pre-enrolled-keys'),
      message:
        'The Secure Boot certificates on this EFI disk are those of 2011, which run out. New EFI disks are made with ms-cert=2023k.',
    };
  },
});
