import type { Inventory } from '../../../host/inventory.ts';
import { inventoryOfNode } from '../../facts/nodeInventory.ts';
import type { SourceFile } from '../../languages/language.ts';
import { kindOf, partOf, pathItems, propertyOf } from '../../languages/pciMapping/config.ts';
import { comparedFunction } from '../../languages/pciMapping/identity.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { storedEntries } from '../../languages/pciMapping/read.ts';
import type { ConfigSection, SectionConfig } from '../../syntax/sectionConfig.ts';
import { insertLine } from '../../text/edit.ts';
import { type Token, tokenSpan } from '../../text/span.ts';
import { isOlder } from '../../values/version.ts';
import { fixIn } from '../edits.ts';
import type { Finding, Rule } from '../rule.ts';

const vgpuHost =
  'hostpci snapshot 1\n== host: ok\nnode: pve1\n== pci functions: ok\n0000:00:02.0\n  vendor: 8086\n  device: 3e92\n  driver: i915\n  mdev: i915-GVTg_V5_4 mdev 2\n0000:01:00.0\n  vendor: 10de\n  device: 2584\n  driver: nvidia\n  mdev: none\n== end\n';

export const mdevFlag: Rule<SectionConfig> = {
  id: 'mapping/mdev-flag',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'The `mdev` flag of a mapping differs from what its device on a node offers: the flag without mediated device types, or types without the flag.',
    why: 'Both are compared before a VM starts, and the VM does not start when they differ.',
    source: 'pve-guest-common, PVE/Mapping/PCI.pm assert_valid',
    since: 'libpve-guest-common-perl 5.1.7',
  },
  examples: [
    {
      bad: '«igpu»\n\tmap node=pve1,path=0000:00:02.0,id=8086:3e92\n',
      fixed: 'igpu\n\tmdev 1\n\tmap node=pve1,path=0000:00:02.0,id=8086:3e92\n',
      good: 'igpu\n\tmdev 1\n\tmap node=pve1,path=0000:00:02.0,id=8086:3e92\n',
      host: vgpuHost,
    },
    {
      bad: 'gpu\n\tmdev «1»\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      fixed: 'gpu\n\tmdev 0\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmdev 0\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      host: vgpuHost,
    },
  ],
  *check(file, world) {
    if (kindOf(file) !== 'pci') return;
    for (const section of file.tree.sections) {
      for (const entry of storedEntries(file.tree, section, kindOf(file))) {
        const node = partOf(entry, 'node')?.value.text ?? '';
        const inventory = inventoryOfNode(world, file, node);
        const path = partOf(entry, 'path')?.value;
        if (!inventory || !path || isOlder(inventory.versions.guestCommon, '5.1.7')) continue;
        const offers = pathItems(path).map(item => ({ item, types: typesAt(inventory, item) }));
        const finding = compare(file, section, node, offers);
        if (!finding) continue;
        yield finding;
        break;
      }
    }
  },
};

type Offer = { readonly item: Token; readonly types: number | undefined };

function compare(
  file: SourceFile<SectionConfig>,
  section: ConfigSection,
  node: string,
  offers: readonly Offer[],
): Finding | undefined {
  const flag = propertyOf(file.tree, section, 'mdev');
  const isOn = flag !== undefined && flag.value.text !== '0';
  const differs = offers.find(({ types }) => types !== undefined && types > 0 !== isOn);
  if (!differs) return undefined;
  const where = flag
    ? tokenSpan(flag.line, flag.value.text === '' ? flag.key : flag.value)
    : tokenSpan(section.header, section.id);
  if (isOn) {
    return {
      span: where,
      severity: 'warning',
      message: `mdev is on, but ${differs.item.text} on ${node} offers no mediated device types now: a VM with this mapping does not start there.`,
      fixes: flag.value.text === '' ? [] : [fixIn(file, 'Switch mdev off', { span: where, text: '0' })],
    };
  }
  const on = flag ? { span: where, text: '1' } : insertLine(file.lines, section.from, '\tmdev 1');
  return {
    span: where,
    message: `${differs.item.text} on ${node} offers mediated device types, so "${section.id.text}" must say "mdev 1": without it a VM does not start.`,
    fixes: [fixIn(file, 'Switch mdev on', on)],
  };
}

/** How many types a device offers; `undefined` where that is not known, or may change once its own driver is there. */
function typesAt(inventory: Inventory, item: Token): number | undefined {
  const fn = comparedFunction(inventory, item.text);
  const count = fn?.mdevTypes?.length;
  return count === 0 && (!fn?.driver || fn.driver === 'vfio-pci') ? undefined : count;
}
