import { slotOf } from '../../../host/pciAddress.ts';
import { driftOf } from '../../facts/drift.ts';
import { membersOf, spanOf } from '../../facts/handovers.ts';
import { cardOfMissing } from '../../facts/missingVirtualFunctions.ts';
import { choicesOf, type Item } from '../../facts/passedDevices.ts';
import { type Entry, property } from '../../languages/vmConf/config.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { noStart, readIn, type Start, startRule } from '../startRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
0000:03:00.0
  class: 0200
  vf-total: 7
  vf-count: 0
== end
`;

export const deviceGone = startRule({
  id: 'drift/device-gone',
  severity: 'error',
  since: '6.1-3',
  docs: {
    what: 'A `hostpci` entry names an address where the host has no device. Silent where the devices of the host are not all known, and near cards whose virtual functions may not have been made yet.',
    why: 'The card was removed or switched off, or another card has renumbered the buses. The start ends with "no PCI device found", unless another device is at the address some day: then the VM gets that one.',
    source: `${readIn('QemuServer/PCI.pm')} parse_hostpci; pve-common, PVE/SysFSTools.pm lspci`,
  },
  examples: [{ bad: 'hostpci0: «07:00.0»\n', good: 'hostpci0: 01:00.0\nhostpci1: 03:10.2\n', host }],
  needs: ['hostpciN'],
  *find(start) {
    const { settings, file, world } = start;
    const inventory = inventoryOf(world, file);
    if (!inventory?.complete) return;
    for (const entry of settings.family('hostpci')) {
      if (property(entry, 'mapping')) continue;
      for (const item of choicesOf(world, file, entry)?.[0]?.items ?? []) {
        if (membersOf(inventory, item).length > 0 || cardOfMissing(world, file, inventory, item.slot) !== undefined)
          continue;
        yield {
          span: spanOf(entry, item),
          message: `${inventory.node ?? 'The host'} has no device at ${item.text}. ${noStart}`,
          fixes: fixesOf(start, entry, item),
        };
      }
    }
  },
});

/** Where the device went, if the host was asked before and has it still. */
function fixesOf({ world, file }: Start, entry: Entry, item: Item): readonly Fix[] {
  const before = item.function ?? `${item.slot}.0`;
  const moved = driftOf(world, file)?.changes.find(({ kind, from }) => kind === 'moved' && from === before);
  if (!moved?.address || !item.token) return [];
  const address = item.function ? moved.address : slotOf(moved.address);
  return [fixIn(file, `Follow the device to ${address}`, { span: spanOf(entry, item), text: address })];
}
