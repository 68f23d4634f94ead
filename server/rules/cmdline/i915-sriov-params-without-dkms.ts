import type { Inventory } from '../../../host/inventory.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeParameter } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== known parameters: ok
i915: enable_guc enable_fbc force_probe
== end
`;

export const i915SriovParamsWithoutDkms = commandLineRule({
  id: 'cmdline/i915-sriov-params-without-dkms',
  severity: 'warning',
  docs: {
    what: '`i915.max_vfs` on a host whose i915 module has no such parameter.',
    why: "It belongs to the out-of-tree i915-sriov-dkms module. The kernel's own i915 ignores it, and no VFs appear.",
    source: "README of strongtz/i915-sriov-dkms; the parameters that the host's module reports",
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root i915.enable_guc=3 «i915.max_vfs=7»\n',
      fixed: 'root=/dev/mapper/pve-root i915.enable_guc=3\n',
      good: 'root=/dev/mapper/pve-root i915.enable_guc=3\n',
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory || !lacksMaxVfs(inventory)) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'i915.max_vfs') continue;
      yield {
        span: parameter.whole.span,
        fixes: [fixIn(file, `Remove ${parameter.whole.text}`, removeParameter(line, parameter))],
        message:
          'The i915 module of this host has no parameter max_vfs, so no VFs will appear: install the i915-sriov-dkms release for this kernel, or remove the parameter.',
      };
    }
  },
});

function lacksMaxVfs(inventory: Inventory): boolean {
  const known = inventory.knownParameters.get('i915') ?? [...(inventory.moduleParameters.get('i915')?.keys() ?? [])];
  return known.length > 0 && !known.includes('max_vfs');
}
