import { isWithoutReader } from '../../languages/sysfs/release.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { span } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import type { Rule } from '../rule.ts';

export const packageMissing: Rule<SysfsTree> = {
  id: 'sysfs/package-missing',
  severity: 'error',
  language: sysfs,
  docs: {
    what: 'The package sysfsutils is not installed on the host.',
    why: 'Nothing else reads /etc/sysfs.conf and /etc/sysfs.d. The file looks right, but no value is written and no VFs appear after a reboot. Proxmox VE does not install the package.',
    source: 'contents of the Debian package sysfsutils; strongtz/i915-sriov-dkms issue 156',
  },
  examples: [
    {
      bad: '# VFs of the network card\n«bus/pci/devices/0000:02:00.0/sriov_numvfs = 4»\n',
      good: '# bus/pci/devices/0000:02:00.0/sriov_numvfs = 4\n',
      host: 'hostpci snapshot 1\n== packages: ok\nsysfsutils: none\n== end\n',
    },
  ],
  *check(file, world) {
    const first = file.tree.lines.find(line => line.kind === 'setting');
    if (!first || !isWithoutReader(inventoryOf(world, file))) return;
    const end = Math.max(first.path.end, first.value.end);
    yield {
      span: span(first.line, Math.min(first.keyword.start, first.path.start), end),
      message:
        'The package sysfsutils is not installed on this host, so nothing reads this file. Run "apt install sysfsutils".',
    };
  },
};
