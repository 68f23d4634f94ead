import { bootArguments, isGiven } from '../../facts/bootArguments.ts';
import { loadsVfioEarly } from '../../facts/vfioLoading.ts';
import { isProxmoxKernel } from '../../languages/kernelCmdline/kernelRelease.ts';
import { functionsWithId, parseDeviceId } from '../../languages/modprobe/vfioIds.ts';
import { modules } from '../../languages/modules/modules.ts';
import { insertLine } from '../../text/edit.ts';
import { inventoryOf, siblingsOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== kernel: ok
release: 6.8.12-9-pve
command-line: initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids=10de:1b80
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1b80
  driver: nouveau
== end
`;
const cmdline = '--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs vfio-pci.ids=';

export const idsBuiltinVsModule = commandLineRule({
  id: 'cmdline/ids-builtin-vs-module',
  severity: 'warning',
  docs: {
    what: '`vfio-pci.ids=` is on the running command line, but the device has its usual driver and nothing loads vfio-pci early.',
    why: 'vfio-pci is a module on Proxmox. The list is only looked at when something loads it, which is after the device has got its driver.',
    source: 'Proxmox kernel configuration (VFIO_PCI=m); kmod, kmod_config_parse_kcmdline',
  },
  examples: [
    {
      bad: `${cmdline}«10de:1b80»\n--- etc/modules\n# nothing\n`,
      fixed: `${cmdline}10de:1b80\n--- etc/modules\n# nothing\nvfio_pci\n`,
      good: `${cmdline}10de:1b80\n--- etc/modules\nvfio_pci\n`,
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    const { running } = bootArguments(world, file);
    const release = inventory?.kernel.release;
    if (!inventory || !running || release === undefined || !isProxmoxKernel(release)) return;
    const list = siblingsOf(world, file, modules).find(({ place }) => place.path === '/etc/modules');
    const added = list && insertLine(list.lines, list.lines.length, 'vfio_pci');
    const fixes = list && added ? [fixIn(list, 'Add vfio_pci to /etc/modules', added)] : [];
    for (const { parameter } of literalParameters(file)) {
      if (parameter.id !== 'vfio_pci.ids' || !isGiven(parameter, running)) continue;
      if (loadsVfioEarly(world, file) !== false) return;
      for (const item of parameter.items) {
        const id = parseDeviceId(item.text);
        const taken = (id ? functionsWithId(inventory, id) : []).find(fn => fn.driver && !/vfio/.test(fn.driver));
        if (!taken) continue;
        yield {
          fixes,
          span: item.span,
          message: `${taken.address} has the driver ${taken.driver} although this is on the running command line: nothing loads vfio-pci before it. Add vfio_pci to /etc/modules and run "update-initramfs -u -k all".`,
        };
      }
    }
  },
});
