import { type Inventory, isPassiveMember, type PciFunction } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import { type Handover, membersOfSlot } from '../../facts/handovers.ts';
import { firstUse, rivalsInGroup } from '../../facts/otherGuests.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { hostAddresses } from '../../languages/vmConf/machine.ts';
import { needsOf } from '../../values/deviceCard.ts';
import { deviceRule, type Given, listed, named } from '../deviceRule.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:01:00.0
  class: 0300
  group: 1
0000:01:00.1
  class: 0403
  group: 1
0000:02:00.0
  class: 0200
  group: 2
0000:02:00.1
  class: 0200
  group: 3
== end
`;

export const groupPartial = deviceRule({
  id: 'iommu/group-partial',
  severity: 'warning',
  docs: {
    what: 'One function of a card is passed through and another one in the same IOMMU group is not, such as the audio function of a graphics card. Functions in groups of their own, virtual functions and pieces of the chipset are not meant.',
    why: 'The other function is taken from the host all the same and then lies idle; a guest driver may miss it, and a reset of the card then reaches a function that the guest does not know of.',
    source: 'pve-common, PVE/SysFSTools.pm pci_dev_group_bind_to_vfio; pve-docs, qm-pci-passthrough.adoc',
  },
  examples: [
    {
      bad: 'hostpci0: «01:00.0»,x-vga=1\n',
      fixed: 'hostpci0: 0000:01:00,x-vga=1\n',
      good: 'hostpci0: 0000:01:00,x-vga=1\nhostpci1: 02:00.0\n',
      host,
    },
    { bad: 'hostpci0: «01:00.0»\n', good: 'hostpci0: 01:00.0\nhostpci1: 01:00.1\n', host },
  ],
  *find(given) {
    const { handover, inventory, world, file } = given;
    if (handover.kind !== 'whole') return;
    const left = handover.companions.filter(
      fn =>
        isOnCard(inventory, fn) &&
        handover.passed.some(one => slotOf(one.fn.address) === slotOf(fn.address)) &&
        needsOf(inventory, fn.address).length === 0 &&
        !firstUse(rivalsInGroup(world, file, fn.iommuGroup as number), use => use.fn === fn),
    );
    const [first] = left;
    const passed = handover.passed.find(({ fn }) => first && slotOf(fn.address) === slotOf(first.address));
    if (!first || !passed) return;
    const it = left.length > 1 ? 'are' : 'is';
    yield {
      span: passed.span,
      message: `${listed(left.map(named))} ${it} in the same IOMMU group and ${it} taken from the host as well, but the VM does not get ${left.length > 1 ? 'them' : 'it'}. Pass all functions of the card.`,
      fixes: fixesOf(given, handover, slotOf(first.address)),
    };
  },
});

/** What sits on bus 0, or beside bridges and dummy functions, is a piece of the chipset or the CPU that shares a slot. */
const isOnCard = (inventory: Inventory, fn: PciFunction): boolean =>
  !fn.physicalFunction &&
  !/^[0-9a-f]+:00:/.test(fn.address) &&
  !membersOfSlot(inventory, slotOf(fn.address)).some(isPassiveMember);

/** Only where this entry is the only one for the slot: the others would name their functions twice. */
function fixesOf({ settings, file }: Given, { entry }: Handover, slot: string): readonly Fix[] {
  const addresses = hostAddresses(entry);
  const isAlone = settings
    .family('hostpci')
    .every(other => other === entry || hostAddresses(other).every(address => address.slot !== slot));
  return addresses.length === 1 && isAlone
    ? [fixIn(file, `Pass all functions of ${slot}`, setProperty(entry, 'host', slot))]
    : [];
}
