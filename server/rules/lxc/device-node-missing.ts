import { type DeviceNode, deviceLabel, functionAt, type Inventory } from '../../../host/inventory.ts';
import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { type NodeUse, nodeUses } from '../../languages/ctConf/devices.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const deviceNodeMissing: Rule<CtConf> = {
  id: 'lxc/device-node-missing',
  severity: 'error',
  language: ctConf,
  docs: {
    what: 'A `devN` line or an `lxc.mount.entry` names a device node of a graphics card that the host does not have. Nodes outside of /dev/dri, /dev/nvidia* and /dev/kfd are not judged.',
    why: 'The node comes with the driver of the card, and its number changes when cards are added. Without it the container does not start; with `optional` in the mount it starts without the device.',
    source: 'pve-container 6.1.10, PVE/LXC/Tools.pm get_device_mode_and_rdev; LXC, src/lxc/conf.c mount_entry',
  },
  examples: [
    {
      bad: 'dev0: «/dev/dri/renderD130»,gid=104\n',
      fixed: 'dev0: /dev/dri/renderD128,gid=104\n',
      good: 'dev0: /dev/dri/renderD129,gid=104\n',
      host: true,
    },
    {
      bad: 'lxc.mount.entry: «/dev/nvidia0» dev/nvidia0 none bind,optional,create=file 0 0\n',
      good: 'lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir 0 0\n[before]\ndev0: /dev/kfd\n',
      host: true,
    },
  ],
  *check(file, world) {
    const inventory = inventoryOf(world, file);
    if (!inventory?.deviceNodes) return;
    for (const section of file.tree.sections) {
      // A snapshot is history, and the card may have been another one then.
      if (section.kind === 'snapshot') continue;
      for (const use of nodeUses(file.tree, section)) {
        if (!isJudged(use.path.text) || isThere(use.path.text, inventory.deviceNodes)) continue;
        const effect = use.optional ? 'The container starts without it.' : 'The container does not start.';
        yield {
          span: tokenSpan(use.entry.line, use.path),
          ...(use.optional ? { severity: 'warning' as const } : {}),
          message: `The host has no ${use.path.text}${reason(inventory)}. ${effect}`,
          fixes: fixes(file, use, inventory),
        };
      }
    }
  },
};

/** What the collector lists completely: single nodes, and the directory that is there with the first of them. */
const isJudged = (path: string): boolean =>
  /^\/dev\/(?:dri(?:\/(?:card|renderD)[0-9]+)?|nvidia(?:[0-9]+|ctl|-modeset|-uvm)|kfd)$/.test(path);

const isThere = (path: string, nodes: readonly DeviceNode[]): boolean =>
  nodes.some(node => node.path === path || node.path.startsWith(`${path}/`));

/** Cards whose driver does not make nodes. */
function reason(inventory: Inventory): string {
  const taken = inventory.functions.filter(fn => fn.classId?.startsWith('03') && fn.driver === 'vfio-pci');
  return taken.length === 0 ? '' : ` (${taken.map(deviceLabel).join(', ')} is bound to vfio-pci, for VMs)`;
}

/** Nodes of the same kind that the host has and this file does not use yet. */
function fixes(file: SourceFile<CtConf>, use: NodeUse, inventory: Inventory): readonly Fix[] {
  const kind = use.path.text.replace(/[0-9]+$/, '');
  const taken = new Set(
    file.tree.sections.flatMap(section => [...nodeUses(file.tree, section)]).map(({ path }) => path.text),
  );
  return (inventory.deviceNodes ?? [])
    .filter(({ path }) => kind !== use.path.text && path.replace(/[0-9]+$/, '') === kind && !taken.has(path))
    .map(({ path, address }) => {
      const fn = address && functionAt(inventory, address);
      const title = `Use ${path}${fn ? ` (${deviceLabel(fn)})` : ''}`;
      return fixIn(file, title, { span: tokenSpan(use.entry.line, use.path), text: path });
    });
}
