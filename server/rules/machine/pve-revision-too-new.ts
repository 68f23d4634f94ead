import { setProperty } from '../../languages/vmConf/edits.ts';
import { machineOf } from '../../languages/vmConf/machine.ts';
import { schemaTable } from '../../languages/vmConf/schemaTable.generated.ts';
import { tokenSpan } from '../../text/span.ts';
import { compareVersions } from '../../values/version.ts';
import { fixIn } from '../edits.ts';
import { noStart, observed, startRule } from '../startRule.ts';

export const pveRevisionTooNew = startRule({
  id: 'machine/pve-revision-too-new',
  severity: 'error',
  since: '6.1-7',
  docs: {
    what: 'A machine type has a `+pveN` that Proxmox does not know for its version: most versions have none, 4.1 goes to 2, 9.2 and 10.0 to 1, 11.0 to 2. Silent on hosts newer than this list.',
    why: 'Proxmox takes the VM for one of a newer release, and does not start it.',
    source: observed('QemuServer/Machine.pm'),
  },
  examples: [
    {
      bad: 'machine: «pc-i440fx-8.1+pve1»\n',
      fixed: 'machine: pc-i440fx-8.1\n',
      good: 'machine: pc-i440fx-9.2+pve1\n',
    },
    { bad: 'machine: «pc-q35-10.0+pve2»\n', fixed: 'machine: pc-q35-10.0+pve1\n', good: 'machine: pc-q35-10.0+pve1\n' },
  ],
  needs: ['machine'],
  *find({ settings, file, versions }) {
    const { entry, token, version, text } = machineOf(settings);
    if (!entry || !token || !version) return;
    const host = versions.qemuServer;
    if (host !== undefined && compareVersions(host, schemaTable.version) > 0) return;
    const most = schemaTable.pveRevisions[`${version.major}.${version.minor}`] ?? 0;
    if (version.pve <= most) return;
    const type = text.replace(/\+pve[0-9]+/, most > 0 ? `+pve${most}` : '');
    yield {
      span: tokenSpan(entry.line, token),
      message: `${schemaTable.source} knows ${most > 0 ? `+pve${most} at most` : 'no +pve'} for version ${version.major}.${version.minor}. ${noStart}`,
      fixes: [fixIn(file, `Use ${type}`, setProperty(entry, 'type', type))],
    };
  },
});
