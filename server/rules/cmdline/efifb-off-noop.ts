import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeParameter } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== kernel: ok
release: 6.8.12-9-pve
== end
`;

export const efifbOffNoop = commandLineRule({
  id: 'cmdline/efifb-off-noop',
  severity: 'hint',
  docs: {
    what: '`video=efifb:off` or `video=vesafb:off` with a kernel from 5.15 on.',
    why: 'Another driver (simpledrm) shows the boot picture since then, so these switches do not free the card. From 6.0 on vfio-pci takes the console away by itself.',
    source: 'Proxmox kernel changelog 5.15.19-2 and its configuration (SYSFB_SIMPLEFB, DRM_SIMPLEDRM)',
    since: 'kernel 5.15',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs «video=efifb:off» iommu=pt\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs iommu=pt\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 boot=zfs video=HDMI-A-1:d iommu=pt\n',
      host,
    },
  ],
  *check(file, world) {
    const release = inventoryOf(world, file)?.kernel.release;
    if (kernelAtLeast(release, '5.15') !== true) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'video' || !/^(?:efifb|vesafb):off(?:,|$)/.test(parameter.value.text)) continue;
      const where = line.parameters.some(other => other.id === 'initcall_blacklist')
        ? ''
        : " Only if the card's memory stays reserved, initcall_blacklist=sysfb_init may help.";
      yield {
        span: parameter.whole.span,
        message: `${parameter.whole.text} does nothing with kernel ${release}: simpledrm shows the boot picture there.${where}`,
        tag: 'unnecessary',
        fixes: [fixIn(file, `Remove ${parameter.whole.text}`, removeParameter(line, parameter))],
      };
    }
  },
});
