import { deviceLabel } from '../../../host/inventory.ts';
import { functionOf, wantedVfs } from '../../languages/sysfs/paths.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:02:00.0
  class: 0200
  vendor: 8086
  device: 1521
  device-name: I350 Gigabit Network Connection
  vf-total: 7
  vf-count: 0
== end
`;

export const tooManyVfs: Rule<SysfsTree> = {
  id: 'sriov/too-many-vfs',
  severity: 'error',
  language: sysfs,
  docs: {
    what: 'A line asks for more virtual functions than the card can have.',
    why: 'The kernel refuses the number as out of range, and there are no VFs at all.',
    source: 'kernel, drivers/pci/iov.c, sriov_numvfs_store; measured: ERANGE',
  },
  examples: [
    {
      bad: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = «8»\n',
      fixed: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 7\n',
      good: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 7\n',
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const line of file.tree.lines) {
      const wanted = wantedVfs(line);
      const fn = wanted === undefined ? undefined : functionOf(line, inventory);
      if (wanted === undefined || fn?.vfTotal === undefined || wanted <= fn.vfTotal) continue;
      const where = tokenSpan(line.line, line.value);
      yield {
        span: where,
        message: `${fn.address} ${deviceLabel(fn)} can have ${fn.vfTotal} VFs at most, so the kernel refuses ${wanted} and makes none.`,
        fixes: [fixIn(file, `Change to ${fn.vfTotal}`, { span: where, text: String(fn.vfTotal) })],
      };
    }
  },
};
