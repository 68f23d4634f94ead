import type { HostNeed, Inventory, PciFunction } from '../../../host/inventory.ts';
import { deviceLabel, functionAt } from '../../../host/inventory.ts';
import { isBlacklist } from '../../languages/kernelCmdline/parameters.ts';
import { needLabel } from '../../values/deviceCard.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeItem } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:02:00.0
  class: 0200
  vendor: 8086
  device: 15b8
  device-name: Ethernet Connection I219-V
  driver: e1000e
== host needs: ok
0000:02:00.0
  kind: bridge-nic
  detail: vmbr0
== end
`;

export const moduleBlacklistList = commandLineRule({
  id: 'cmdline/module-blacklist-list',
  severity: 'warning',
  docs: {
    what: 'A blacklist on the command line names the driver of something that the host needs: its disk, the network card of a bridge, its keyboard.',
    why: 'The driver is blocked for all devices, not only for the one that a VM is to have: the host may not boot, or has no network.',
    source: 'kernel, kernel/module/main.c, blacklisted; kmod, kcmdline_parse_result',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root module_blacklist=nouveau,«e1000e» quiet\n',
      fixed: 'root=/dev/mapper/pve-root module_blacklist=nouveau quiet\n',
      good: 'root=/dev/mapper/pve-root module_blacklist=nouveau quiet\n',
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (!isBlacklist(parameter.id)) continue;
      for (const item of parameter.items) {
        const hit = neededDriver(inventory, item.text);
        if (!hit) continue;
        yield {
          span: item.span,
          message: `${item.text} is the driver of ${hit.fn.address} ${deviceLabel(hit.fn)}, ${needLabel(hit.need)}: the host loses it. Bind the other device by its id or address instead.`,
          fixes: [fixIn(file, `Remove ${item.text}`, removeItem(line, parameter, item))],
        };
      }
    }
  },
});

/** The console is left out: choosing between i915 and xe, or giving the card away, is what people want there. */
function neededDriver(inventory: Inventory, module: string): { need: HostNeed; fn: PciFunction } | undefined {
  for (const need of inventory.hostNeeds) {
    const fn = need.kind === 'console' ? undefined : functionAt(inventory, need.address);
    if (fn?.driver && module !== '' && fn.driver.replaceAll('-', '_') === module) return { need, fn };
  }
  return undefined;
}
