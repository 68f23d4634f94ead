import { own } from '../vmConf/schema.ts';
import { ctTable } from './ctTable.generated.ts';

/** What Proxmox's reader makes of a key that starts with `lxc.`. */
export type RawVerdict =
  | { readonly kind: 'valid' }
  /** Passed on, with a warning: LXC knows it under another name now. */
  | { readonly kind: 'renamed'; readonly to: string }
  /** Passed on, with a warning; it has no effect where control groups are version 2. */
  | { readonly kind: 'cgroup1' }
  /** Dropped, because Proxmox sets it from another key. */
  | { readonly kind: 'taken'; readonly by: 'rootfs' }
  | { readonly kind: 'unknown' };

/** Source: pve-container 6.1.10, PVE/LXC/Config.pm is_valid_lxc_conf_key. */
export function rawVerdict(key: string): RawVerdict {
  if (key.startsWith('lxc.limit.')) return { kind: 'renamed', to: `lxc.prlimit.${key.slice('lxc.limit.'.length)}` };
  const to = own(ctTable.raw.renamed, key);
  if (to !== undefined) return { kind: 'renamed', to };
  if (ctTable.raw.rejected.includes(key)) return { kind: 'taken', by: 'rootfs' };
  if (ctTable.raw.valid.includes(key)) return { kind: 'valid' };
  if (key.startsWith('lxc.cgroup.')) return { kind: 'cgroup1' };
  return { kind: ctTable.raw.prefixes.some(prefix => key.startsWith(prefix)) ? 'valid' : 'unknown' };
}

/** Keys to offer; of those with a prefix the ones that people write. */
export const rawKeys = (): readonly string[] => [...ctTable.raw.valid, ...usualRawKeys];

const usualRawKeys = [
  'lxc.cgroup2.cpuset.cpus',
  'lxc.cgroup2.devices.allow',
  'lxc.cgroup2.devices.deny',
  'lxc.cgroup2.memory.high',
  'lxc.cgroup2.memory.max',
  'lxc.prlimit.memlock',
  'lxc.prlimit.nofile',
  'lxc.prlimit.nproc',
];
