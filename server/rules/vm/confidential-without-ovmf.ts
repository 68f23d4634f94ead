import { configOf, stored, textOfProperty } from '../../languages/vmConf/config.ts';
import { addEntry, setValue } from '../../languages/vmConf/edits.ts';
import { isOlder } from '../../values/version.ts';
import { fixIn } from '../edits.ts';
import { atKey, noStart, observed, startRule } from '../startRule.ts';

export const confidentialWithoutOvmf = startRule({
  id: 'vm/confidential-without-ovmf',
  severity: 'error',
  since: '8.2.7',
  docs: {
    what: 'The VM has `amd-sev` or `intel-tdx` and does not boot with OVMF.',
    why: 'Memory encryption needs UEFI firmware. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    { bad: '«amd-sev»: std\n', fixed: 'amd-sev: std\nbios: ovmf\n', good: 'amd-sev: std\nbios: ovmf\n' },
    {
      bad: '«intel-tdx»: tdx,attestation=0\n',
      fixed: 'bios: ovmf\nintel-tdx: tdx,attestation=0\n',
      good: 'bios: ovmf\nintel-tdx: tdx,attestation=0\n',
    },
  ],
  needs: ['amd-sev', 'intel-tdx'],
  *find({ settings, file, versions }) {
    if (stored(settings, 'bios') === 'ovmf') return;
    for (const key of ['amd-sev', 'intel-tdx']) {
      const entry = settings.entry(key);
      if (!entry || textOfProperty(entry, 'type') === undefined) continue;
      if (key === 'intel-tdx' && isOlder(versions.qemuServer, '9.0.25')) continue;
      const bios = settings.entry('bios');
      const edit = bios ? setValue(bios, 'ovmf') : addEntry(file.tree, configOf(file).main.section, 'bios', 'ovmf');
      yield {
        span: atKey(entry),
        message: `${key} needs bios: ovmf. ${noStart}`,
        fixes: [fixIn(file, 'Boot with OVMF', edit)],
      };
    }
  },
});
