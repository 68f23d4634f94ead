import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { modules } from '../../languages/modules/modules.ts';
import { listed, type ModuleList } from '../../languages/modules/tree.ts';
import { deleteLine } from '../../text/edit.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const host = 'hostpci snapshot 1\n== kernel: ok\nrelease: 6.8.12-9-pve\n== end\n';

export const vfioVirqfdObsolete: Rule<ModuleList> = {
  id: 'modules/vfio-virqfd-obsolete',
  severity: 'warning',
  language: modules,
  docs: {
    what: '`vfio_virqfd` in a list of modules, on a host with kernel 6.2 or newer.',
    why: 'It is a part of vfio since Linux 6.2. The name is not found at each boot, which a log tells.',
    source: 'pve-docs commit 2953349; Debian kernels 6.1 and 6.12, observed',
    since: 'kernel 6.2',
  },
  examples: [{ bad: 'vfio\n«vfio_virqfd»\nvfio_pci\n', fixed: 'vfio\nvfio_pci\n', good: 'vfio\nvfio_pci\n', host }],
  *check(file, world) {
    const kernel = inventoryOf(world, file)?.kernel;
    if (kernel?.release === undefined || !kernelAtLeast(kernel.release, '6.2')) return;
    const older = kernel.installed?.find(release => kernelAtLeast(release, '6.2') === false);
    for (const { node, line } of listed(file.tree)) {
      if (canonicalName(node.name.text) !== 'vfio_virqfd') continue;
      const fix = older ? fixIn : safeFixIn;
      yield {
        span: tokenSpan(line, node.name),
        severity: older ? 'hint' : 'warning',
        tag: 'deprecated',
        message: older
          ? `Kernel ${kernel.release} has no such module; only ${older}, which is still installed, does.`
          : `Kernel ${kernel.release} has no such module: it is a part of vfio since 6.2. Remove the line.`,
        fixes: [fix(file, 'Remove the line', deleteLine(file.lines, line))],
      };
    }
  },
};
