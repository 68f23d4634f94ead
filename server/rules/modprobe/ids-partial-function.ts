import { deviceLabel, isPassiveMember, slotMembers } from '../../../host/inventory.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import { claimsOn } from '../../facts/deviceUse.ts';
import { idsInForce } from '../../facts/moduleLoading.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { functionsWithId, hasId, hasIds, idsParameters, idText } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:01:00.0
  class: 0300
  vendor: 10de
  device: 2584
0000:01:00.1
  class: 0403
  vendor: 10de
  device: 2291
  driver: snd_hda_intel
== end
`;
const vm = '--- etc/pve/nodes/pve1/qemu-server/101.conf\nhostpci0: 0000:01:00\n';

export const idsPartialFunction = modprobeRule({
  id: 'modprobe/ids-partial-function',
  severity: 'info',
  docs: {
    what: 'An `ids=` list has the id of one function of a card, but not that of another function which a guest gets as well.',
    why: 'The other function keeps its usual driver until Proxmox takes it away at the start of the guest, which some drivers survive badly.',
    source: 'Proxmox VE documentation, PCI(e) passthrough; the functions that the host reports',
  },
  examples: [
    {
      bad: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=«10de:2584»\n${vm}`,
      fixed: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:2584,10de:2291\n${vm}`,
      good: `--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=10de:2584,10de:2291\n${vm}`,
      host,
    },
  ],
  concerns: hasIds,
  *find(node, file, world) {
    const inventory = inventoryOf(world, file);
    const list = idsInForce(world, file);
    const ids = idsParameters(node).at(-1);
    if (!inventory || !ids || list?.uri !== file.uri || list.written?.ids.whole.start !== ids.whole.start) return;
    if (list.span.line !== spanIn(node.line, ids.whole).line) return;
    const isListed = (fn: Parameters<typeof hasId>[0]): boolean => list.entries.some(({ id }) => id && hasId(fn, id));
    for (const { token, id } of list.entries) {
      const [fn, ...more] = id ? functionsWithId(inventory, id) : [];
      if (!fn || more.length > 0) continue;
      const left = slotMembers(inventory, slotOf(fn.address)).filter(
        other =>
          !isPassiveMember(other) &&
          !isListed(other) &&
          claimsOn(world, file, other.address).some(one => one.by === 'vm'),
      );
      const missing = [...new Set(left.flatMap(other => idText(other) ?? []))];
      if (missing.length === 0) continue;
      const names = left.map(other => `${other.address} (${deviceLabel(other)})`).join(', ');
      yield {
        span: spanIn(node.line, token),
        message: `A guest also gets ${names}, whose id is not in the list.`,
        fixes: [
          fixIn(
            file,
            `Add ${missing.join(', ')}`,
            editOf(node, { start: token.end, end: token.end }, `,${missing.join(',')}`),
          ),
        ],
      };
    }
  },
});
