import { type DeviceNode, deviceLabel, functionAt, type Inventory } from '../../../host/inventory.ts';
import { deviceCard } from '../../values/deviceCard.ts';
import type { Suggestion, Surroundings } from '../language.ts';
import { own } from '../vmConf/schema.ts';
import { type SuggestionParts, suggest, type Target } from '../vmConf/suggest.ts';
import { nodeNumbers } from './nodeNumbers.ts';

/** Device nodes of the host, with the card behind each. */
export const deviceNodes = (target: Target, around: Surroundings): readonly Suggestion[] =>
  nodesOf(around.inventory).map(node =>
    suggest(target, node.path, 'device', { rank: 10, ...partsOf(node, around.inventory) }),
  );

/** Values of a key for LXC itself: of those that hand devices over, from the nodes of the host. */
export function rawValues(key: string, target: Target, around: Surroundings): readonly Suggestion[] {
  if (key === 'lxc.mount.entry') return mounts(target, around.inventory);
  if (key === 'lxc.cgroup2.devices.allow') return rules(target, around.inventory);
  return (own(usual, key) ?? []).map(text => suggest(target, text, 'value'));
}

const usual: Readonly<Record<string, readonly string[]>> = {
  'lxc.apparmor.profile': ['generated', 'unconfined'],
  'lxc.autodev': ['1', '0'],
  'lxc.idmap': ['u 0 100000 65536', 'g 0 100000 65536'],
  'lxc.mount.auto': ['cgroup:rw', 'proc:rw', 'sys:rw', 'sys:mixed'],
  'lxc.prlimit.memlock': ['unlimited'],
};

function mounts(target: Target, inventory: Inventory | undefined): readonly Suggestion[] {
  const nodes = nodesOf(inventory);
  const single = nodes.map(node =>
    suggest(target, mountOf(node.path, 'file'), 'device', {
      rank: 10,
      filter: `${node.path} ${mountOf(node.path, 'file')}`,
      ...partsOf(node, inventory),
    }),
  );
  const hasDri = nodes.some(({ path }) => path.startsWith('/dev/dri/'));
  const whole = hasDri
    ? [suggest(target, mountOf('/dev/dri', 'dir'), 'device', { rank: 20, detail: 'all graphics cards' })]
    : [];
  return [...single, ...whole];
}

/** The target must not start with a slash: LXC would skip the mount. */
const mountOf = (path: string, create: 'file' | 'dir'): string =>
  `${path} ${path.slice(1)} none bind,optional,create=${create} 0 0`;

function rules(target: Target, inventory: Inventory | undefined): readonly Suggestion[] {
  const offered = new Map<string, SuggestionParts>();
  for (const node of nodesOf(inventory)) {
    const numbers = nodeNumbers(node.path);
    if (!numbers) continue;
    offered.set(`c ${numbers.major}:${numbers.minor} rwm`, {
      rank: 10,
      detail: node.path,
      ...partsOf(node, inventory),
    });
    offered.set(`c ${numbers.major}:* rwm`, { rank: 20, detail: `all of ${numbers.group}` });
  }
  return [...offered].map(([rule, parts]) => suggest(target, rule, 'device', parts));
}

const nodesOf = (inventory: Inventory | undefined): readonly DeviceNode[] => inventory?.deviceNodes ?? [];

function partsOf({ address }: DeviceNode, inventory: Inventory | undefined): SuggestionParts {
  const fn = inventory && address && functionAt(inventory, address);
  return fn ? { note: deviceLabel(fn), documentation: deviceCard(fn, inventory) } : {};
}
