import { property } from '../../languages/vmConf/config.ts';
import { atKey, readIn, startRule } from '../startRule.ts';

export const tpmVersionMissing = startRule({
  id: 'vm/tpm-version-missing',
  severity: 'warning',
  since: '7.0-15',
  docs: {
    what: '`tpmstate0` does not say its version.',
    why: 'It is a TPM 1.2 then, not 2.0 as current systems want, and a later change is refused by the API.',
    source: readIn('QemuServer.pm'),
  },
  examples: [
    {
      bad: '«tpmstate0»: local-lvm:vm-100-disk-1,size=4M\n',
      good: 'tpmstate0: local-lvm:vm-100-disk-1,size=4M,version=v2.0\n',
    },
  ],
  needs: ['tpmstateN'],
  *find({ settings }) {
    const entry = settings.entry('tpmstate0');
    if (!entry || property(entry, 'version')) return;
    yield {
      span: atKey(entry),
      message:
        'Without version= this is a TPM 1.2. Windows 11 and current Linux need version=v2.0, on a fresh TPM disk.',
    };
  },
});
