import { isFlagOn, textOfProperty } from '../../languages/vmConf/config.ts';
import { architectureOf } from '../../languages/vmConf/machine.ts';
import { atPart, readIn, startRule } from '../startRule.ts';

export const preEnrolledKeysIgnored = startRule({
  id: 'vm/pre-enrolled-keys-ignored',
  severity: 'warning',
  since: '7.0-16',
  docs: {
    what: 'An EFI disk has `pre-enrolled-keys=1` without `efitype=4m`.',
    why: 'Only the 4 MB kind has room for Secure Boot keys: the setting has no effect, and Secure Boot stays off.',
    source: readIn('QemuServer/OVMF.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,«pre-enrolled-keys=1»,size=128K\n',
      good: 'bios: ovmf\nefidisk0: local-lvm:vm-100-disk-0,efitype=4m,pre-enrolled-keys=1,size=4M\n',
    },
  ],
  needs: ['efidiskN.pre-enrolled-keys'],
  *find({ settings }) {
    const entry = settings.entry('efidisk0');
    if (!entry || !isFlagOn(entry, 'pre-enrolled-keys') || architectureOf(settings) !== 'x86_64') return;
    if (textOfProperty(entry, 'efitype') === '4m') return;
    yield {
      span: atPart(entry, 'pre-enrolled-keys'),
      message:
        'pre-enrolled-keys has no effect without efitype=4m, which cannot be changed later: it takes a new EFI disk.',
    };
  },
});
