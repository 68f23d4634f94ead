import type { Inventory } from '../../../host/inventory.ts';
import { claimsOn } from '../../facts/deviceUse.ts';
import type { SourceFile } from '../../languages/language.ts';
import { inventoryOf, type World } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeItem } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 3e92
  boot-vga: yes
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 1b80
  boot-vga: no
== end
`;
const cmdline = '--- etc/kernel/cmdline\nroot=/dev/mapper/pve-root ';
const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 0000:';

export const sysfbBlacklistSideEffect = commandLineRule({
  id: 'cmdline/sysfb-blacklist-side-effect',
  severity: 'info',
  docs: {
    what: '`initcall_blacklist=sysfb_init` on a host whose boot graphics card goes to no VM.',
    why: 'The host shows no picture while booting, which looks like a hang. The switch is of use only for the card that the host boots with, when its memory cannot be reserved.',
    source: 'kernel, drivers/firmware/sysfb.c; reports of passed-through boot cards',
  },
  examples: [
    {
      bad: `${cmdline}initcall_blacklist=«sysfb_init» quiet\n${vm}01:00.0\n`,
      fixed: `${cmdline}quiet\n${vm}01:00.0\n`,
      good: `${cmdline}initcall_blacklist=sysfb_init quiet\n${vm}00:02.0\n`,
      host,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory?.complete || !keepsBootCard(world, file, inventory)) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'initcall_blacklist') continue;
      for (const item of parameter.items) {
        if (item.text !== 'sysfb_init') continue;
        yield {
          span: item.span,
          message:
            'This takes the boot picture away from the host. It only helps where a VM gets the card that the host boots with, and none does here.',
          fixes: [fixIn(file, 'Remove initcall_blacklist=sysfb_init', removeItem(line, parameter, item))],
        };
      }
    }
  },
});

/** True where the boot card is known, some VM has another device, and nobody claims the boot card. */
function keepsBootCard(world: World, file: SourceFile, inventory: Inventory): boolean {
  const boot = inventory.functions.filter(fn => fn.bootVga);
  const isClaimed = (address: string): boolean => claimsOn(world, file, address).length > 0;
  return (
    boot.length > 0 && !boot.some(fn => isClaimed(fn.address)) && inventory.functions.some(fn => isClaimed(fn.address))
  );
}
