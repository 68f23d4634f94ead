import { property, stored } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { encryptionWithoutEfiVariables } from '../../languages/vmConf/machine.ts';
import { fixIn } from '../edits.ts';
import { atProperty, noStart, observed, startRule } from '../startRule.ts';

export const efidiskFormatMissing = startRule({
  id: 'drive/efidisk-format-missing',
  severity: 'error',
  since: '5.0-19',
  docs: {
    what: 'An EFI disk is a plain path and has no `format=`.',
    why: 'Of a path Proxmox does not guess the format. The VM does not start.',
    source: observed('QemuServer/OVMF.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\nefidisk0: «/dev/zvol/rpool/efi»,size=4M\n',
      fixed: 'bios: ovmf\nefidisk0: /dev/zvol/rpool/efi,size=4M,format=raw\n',
      good: 'bios: ovmf\nefidisk0: /dev/zvol/rpool/efi,format=raw,size=4M\n',
    },
  ],
  needs: ['efidiskN'],
  *find({ settings, file }) {
    const entry = settings.entry('efidisk0');
    const path = property(entry, 'file')?.value.text;
    if (!entry || !path?.startsWith('/') || property(entry, 'format') || stored(settings, 'bios') !== 'ovmf') return;
    if (encryptionWithoutEfiVariables(settings)) return;
    yield {
      span: atProperty(entry, 'file'),
      message: `An EFI disk that is a path needs format=…. ${noStart}`,
      fixes: [fixIn(file, 'Add format=raw', setProperty(entry, 'format', 'raw'))],
    };
  },
});
