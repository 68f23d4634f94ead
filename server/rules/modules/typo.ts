import type { Inventory } from '../../../host/inventory.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { modules } from '../../languages/modules/modules.ts';
import { listed, type ModuleList } from '../../languages/modules/tree.ts';
import { nearest } from '../../text/nearest.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const host =
  'hostpci snapshot 1\n== missing modules: ok\nvfio_iommu_type_1\n== loaded modules: ok\nvfio_iommu_type1\n== end\n';

export const typo: Rule<ModuleList> = {
  id: 'modules/typo',
  severity: 'warning',
  language: modules,
  docs: {
    what: 'A module in a list that the kernel of this host does not have.',
    why: 'The name is looked for at each boot and not found, and what was meant is not loaded.',
    source: 'the host was asked for the module and does not know it; systemd, modules-load.c',
  },
  examples: [
    { bad: 'vfio\n«vfio_iommu_type_1»\n', fixed: 'vfio\nvfio_iommu_type1\n', good: 'vfio\nvfio_iommu_type1\n', host },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const { node, line } of listed(file.tree)) {
      const name = canonicalName(node.name.text);
      // vfio_virqfd has a rule of its own that knows why.
      if (name === 'vfio_virqfd' || !isMissing(name, inventory)) continue;
      const meant = nearest(name, candidates(inventory), 2);
      yield {
        span: tokenSpan(line, node.name),
        message: `This host's kernel has no module ${name}.${meant ? ` Was ${meant} meant?` : ''}`,
        fixes: meant ? [fixIn(file, `Change to ${meant}`, { span: tokenSpan(line, node.name), text: meant })] : [],
      };
    }
  },
};

/** Known to be missing, or one slip away from one of the vfio modules, which every kernel here has. */
const isMissing = (name: string, { missingModules, loadedModules, builtinModules }: Inventory): boolean =>
  missingModules?.has(name) === true && !loadedModules?.has(name) && !builtinModules?.has(name);

const common = [
  'vfio',
  'vfio_pci',
  'vfio_pci_core',
  'vfio_iommu_type1',
  'kvm',
  'kvm_intel',
  'kvm_amd',
  'kvmgt',
  'i915',
  'xe',
];

const candidates = ({ loadedModules, functions }: Inventory): Iterable<string> =>
  new Set([...common, ...(loadedModules ?? []), ...functions.flatMap(fn => fn.modules ?? []).map(canonicalName)]);
