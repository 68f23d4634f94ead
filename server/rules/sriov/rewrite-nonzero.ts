import { functionAt } from '../../../host/inventory.ts';
import { parsePciAddress } from '../../../host/pciAddress.ts';
import { type VirtualFunctionRequest, virtualFunctionRequests } from '../../facts/virtualFunctionRequests.ts';
import { sysfs } from '../../languages/sysfs/sysfs.ts';
import type { SysfsTree } from '../../languages/sysfs/tree.ts';
import { insertLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const rewriteNonzero: Rule<SysfsTree> = {
  id: 'sriov/rewrite-nonzero',
  severity: 'warning',
  language: sysfs,
  docs: {
    what: 'The number of VFs goes from one number to another without a 0 between them: in two lines of the files, or from what the running host has now.',
    why: 'The kernel refuses that as busy: the first number stays.',
    source: 'kernel, drivers/pci/iov.c, sriov_numvfs_store; measured: EBUSY',
  },
  examples: [
    {
      bad: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 2\nbus/pci/devices/0000:02:00.0/sriov_numvfs = «4»\n',
      fixed:
        'bus/pci/devices/0000:02:00.0/sriov_numvfs = 2\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 0\nbus/pci/devices/0000:02:00.0/sriov_numvfs = 4\n',
      good: 'bus/pci/devices/0000:02:00.0/sriov_numvfs = 2\nbus/pci/devices/0000:02:00.1/sriov_numvfs = 4\n',
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    const before = new Map<string, VirtualFunctionRequest>();
    for (const request of virtualFunctionRequests(world, file)) {
      const earlier = before.get(request.address);
      before.set(request.address, request);
      if (request.file !== file || request.count === 0) continue;
      const where = tokenSpan(request.line.line, request.line.value);
      if (earlier && earlier.count !== 0 && earlier.count !== request.count) {
        yield {
          span: where,
          message: `An earlier line makes ${earlier.count} VFs, and the kernel refuses to change that to ${request.count}. Write 0 before it, or keep one line.`,
          related: [
            {
              uri: earlier.file.uri,
              span: tokenSpan(earlier.line.line, earlier.line.path),
              message: `${earlier.count} VFs here.`,
            },
          ],
          fixes: [zeroBefore(request)],
        };
        continue;
      }
      const address = parsePciAddress(request.address);
      const now = inventory && address && functionAt(inventory, address)?.vfCount;
      if (earlier || !now || now === request.count) continue;
      yield {
        span: where,
        severity: 'info',
        message: `The host has ${now} VFs there now. The kernel does not change that to ${request.count} while it runs: reboot, or write 0 first.`,
      };
    }
  },
};

function zeroBefore({ file, line }: VirtualFunctionRequest): Fix {
  const text = file.lines[line.line] ?? '';
  const zero = `${text.slice(0, line.value.start)}0`;
  return fixIn(file, 'Write 0 first', insertLine(file.lines, line.line, zero));
}
