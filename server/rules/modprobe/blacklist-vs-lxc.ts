import { deviceLabel, functionAt, type Inventory } from '../../../host/inventory.ts';
import { mainSection } from '../../languages/ctConf/config.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { nodeUses } from '../../languages/ctConf/devices.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf, siblingsOf } from '../../workspace/world.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = `hostpci snapshot 1
== host: ok
node: pve1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 3e92 UHD Graphics 630
  driver: i915
  modules: i915 xe
== device nodes: ok
/dev/dri/renderD128
  pci: 0000:00:02.0
== end
`;
const container = '--- etc/pve/nodes/pve1/lxc/102.conf\ndev0: /dev/dri/renderD128\n';

export const blacklistVsLxc = modprobeRule({
  id: 'modprobe/blacklist-vs-lxc',
  severity: 'warning',
  docs: {
    what: 'A blacklisted driver makes a device node that a container uses.',
    why: 'Without its driver the card has no node below /dev: after the next boot the container does not start, or has no graphics.',
    source: 'pve-container, devN and lxc.mount.entry; the device nodes that the host reports',
  },
  examples: [
    {
      bad: `--- etc/modprobe.d/local.conf\nblacklist «i915»\n${container}`,
      good: `--- etc/modprobe.d/local.conf\nblacklist nouveau\n${container}`,
      host,
    },
  ],
  concerns: ({ kind }) => kind === 'blacklist',
  among(file, world) {
    const inventory = inventoryOf(world, file);
    return inventory?.deviceNodes && modulesWithNodes(inventory);
  },
  *find(node, file, world) {
    const { module } = node;
    const inventory = inventoryOf(world, file);
    if (!inventory?.deviceNodes) return;
    for (const other of siblingsOf(world, file, ctConf)) {
      for (const { entry, path } of nodeUses(other.tree, mainSection(other.tree))) {
        const address = inventory.deviceNodes.find(one => one.path === path.text)?.address;
        const fn = address && functionAt(inventory, address);
        if (!fn?.driver || canonicalName(fn.driver) !== module) continue;
        const label = other.place.vmid === undefined ? 'A container' : `Container ${other.place.vmid}`;
        yield {
          span: spanIn(node.line, node.name),
          message: `${label} uses ${path.text}, which is there only while ${module} drives ${fn.address} (${deviceLabel(fn)}).`,
          related: [{ uri: other.uri, span: tokenSpan(entry.line, path), message: `${label} uses it here.` }],
        };
        return;
      }
    }
  },
});

const known = new WeakMap<Inventory, ReadonlySet<string>>();

/** The drivers of devices that have a file in /dev. */
function modulesWithNodes(inventory: Inventory): ReadonlySet<string> {
  let modules = known.get(inventory);
  if (!modules) {
    const functions = (inventory.deviceNodes ?? []).map(({ address }) => address && functionAt(inventory, address));
    modules = new Set(functions.flatMap(fn => (fn?.driver ? [canonicalName(fn.driver)] : [])));
    known.set(inventory, modules);
  }
  return modules;
}
