import { isFlagOn } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { atPart, noStart, observed, startRule } from '../startRule.ts';

export const tdxAttestationIncomplete = startRule({
  id: 'vm/tdx-attestation-incomplete',
  severity: 'error',
  since: '9.0.28',
  docs: {
    what: '`intel-tdx` with `attestation=1` lacks `vsock-cid` or `vsock-port`.',
    why: 'Both have defaults in the schema, but the start asks for them. The VM does not start.',
    source: observed('QemuServer.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\nintel-tdx: tdx,«attestation=1»\n',
      fixed: 'bios: ovmf\nintel-tdx: tdx,attestation=1,vsock-cid=2,vsock-port=4050\n',
      good: 'bios: ovmf\nintel-tdx: tdx,attestation=1,vsock-cid=2,vsock-port=4050\n',
    },
  ],
  needs: ['intel-tdx.attestation'],
  *find({ settings, file }) {
    const entry = settings.entry('intel-tdx');
    if (!entry || !isFlagOn(entry, 'attestation')) return;
    const missing = [
      ['vsock-cid', '2'],
      ['vsock-port', '4050'],
    ].filter(([name]) => !entry.properties.has(name as string));
    if (missing.length === 0) return;
    const text = missing.map(([name, value]) => `,${name}=${value}`).join('');
    const { end } = entry.value;
    yield {
      span: atPart(entry, 'attestation'),
      message: `attestation=1 needs ${missing.map(([name]) => name).join(' and ')} too, although there are defaults. ${noStart}`,
      fixes: [
        fixIn(file, `Add ${text.slice(1)}`, { span: span(entry.line, end, end), text }),
        fixIn(file, 'Switch attestation off', setProperty(entry, 'attestation', '0')),
      ],
    };
  },
});
