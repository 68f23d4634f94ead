import { setProperty } from '../../languages/vmConf/edits.ts';
import { compareMachineVersions, machineOf, parseMachineVersion } from '../../languages/vmConf/machine.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { noStart, observed, startRule } from '../startRule.ts';

const host = 'hostpci snapshot 1\n== versions: ok\nqemu-server: 9.0.30\nqemu: 10.1.2-6\n== end\n';

export const newerThanQemu = startRule({
  id: 'machine/newer-than-qemu',
  severity: 'error',
  since: '6.1-4',
  docs: {
    what: "A machine type has a version that is newer than the host's QEMU.",
    why: 'The VM does not start: an older QEMU does not know the type. It happens after a VM was moved to an older host.',
    source: observed('QemuServer/Machine.pm'),
  },
  examples: [
    { bad: 'machine: «pc-q35-12.1»\n', fixed: 'machine: pc-q35-10.1\n', good: 'machine: pc-q35-10.1\n', host },
  ],
  needs: ['machine'],
  *find({ settings, file, versions }) {
    const { entry, token, version, text } = machineOf(settings);
    const installed = parseMachineVersion(`pc-${versions.qemu ?? ''}`);
    if (!entry || !token || !version || !installed) return;
    if (compareMachineVersions({ ...version, pve: 0 }, installed) <= 0) return;
    const type = text.replace(/-[0-9].*/, `-${installed.major}.${installed.minor}`);
    yield {
      span: tokenSpan(entry.line, token),
      message: `${text} needs QEMU ${version.major}.${version.minor}, and this host has ${versions.qemu}. ${noStart}`,
      fixes: [fixIn(file, `Use ${type}`, setProperty(entry, 'type', type))],
    };
  },
});
