import { functionOf, pathOf, wantedVfs } from '../../languages/sysfs/paths.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:03:00.0
  class: 0200
  vendor: 8086
  device: 1521
  vf-total: 7
== end
`;

export const absentPf: Rule<SysfsTree> = {
  id: 'sriov/absent-pf',
  severity: 'warning',
  language: sysfs,
  docs: {
    what: 'VFs are asked of an address where the host has no device.',
    why: 'Addresses move when cards are added or taken out. sysfsutils logs an unknown attribute and goes on; there are no VFs.',
    source: 'sysfsutils 2.1.1-4, init script, measured',
  },
  examples: [
    {
      bad: 'bus/pci/devices/«0000:02:00.0»/sriov_numvfs = 4\n',
      fixed: 'bus/pci/devices/0000:03:00.0/sriov_numvfs = 4\n',
      good: 'bus/pci/devices/0000:03:00.0/sriov_numvfs = 4\n',
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory?.complete) return;
    const able = inventory.functions.filter(fn => (fn.vfTotal ?? 0) > 0);
    for (const line of file.tree.lines) {
      const named = wantedVfs(line) === undefined ? undefined : pathOf(line).addresses.at(-1);
      if (!named || functionOf(line, inventory)) continue;
      const where = tokenSpan(line.line, named.token);
      yield {
        span: where,
        message: `The host has no device at ${named.address}, so this line does nothing.`,
        fixes: able.map(fn => fixIn(file, `Change to ${fn.address}`, { span: where, text: fn.address })),
      };
    }
  },
};
