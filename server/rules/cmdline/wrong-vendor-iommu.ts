import { isForOtherVendor } from '../../facts/iommu.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeParameter } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== cpu: ok
vendor: AuthenticAMD
== end
`;

export const wrongVendorIommu = commandLineRule({
  id: 'cmdline/wrong-vendor-iommu',
  severity: 'hint',
  docs: {
    what: 'A parameter of the Intel IOMMU on an AMD host, or the other way round.',
    why: 'Nothing: the kernel does not look at it. It only hides that the intended effect is missing.',
    source: 'kernel, drivers/iommu/intel/iommu.c and drivers/iommu/amd/init.c: each reads only its own parameter',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs «intel_iommu=on» iommu=pt\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
      host,
    },
  ],
  *check(file, world) {
    const vendor = inventoryOf(world, file)?.cpu?.vendor;
    for (const { parameter, line } of literalParameters(file)) {
      if (!isForOtherVendor(parameter.id, vendor)) continue;
      const [cpu, other] = vendor === 'AuthenticAMD' ? ['AMD', 'Intel'] : ['Intel', 'AMD'];
      yield {
        span: parameter.whole.span,
        message: `${parameter.name.text} is for ${other} hosts; this one has an ${cpu} CPU, so it does nothing here.`,
        tag: 'unnecessary',
        fixes: [fixIn(file, `Remove ${parameter.whole.text}`, removeParameter(line, parameter))],
      };
    }
  },
});
