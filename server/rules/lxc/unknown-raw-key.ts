import { rawKeys, rawVerdict } from '../../languages/ctConf/rawKeys.ts';
import { nearest } from '../../text/nearest.ts';
import { readerRule, replacement } from './readerRule.ts';

export const unknownRawKey = readerRule({
  id: 'lxc/unknown-raw-key',
  codes: ['raw-unknown', 'raw-taken'],
  grows: true,
  docs: {
    what: 'A key that starts with `lxc.` is none that Proxmox passes on to LXC.',
    why: 'Proxmox warns in its log, goes on without the line, and leaves it out when it next writes the file.',
    source: 'pve-container 6.1.10, PVE/LXC/Config.pm is_valid_lxc_conf_key',
  },
  examples: [
    {
      bad: '«lxc.mount.entrys»: /dev/kfd dev/kfd none bind 0 0\n',
      fixed: 'lxc.mount.entry: /dev/kfd dev/kfd none bind 0 0\n',
      good: 'lxc.mount.entry: /dev/kfd dev/kfd none bind 0 0\n',
    },
    { bad: '«lxc.devices.allow» = c 226:* rwm\n', good: 'lxc.cgroup2.devices.allow = c 226:* rwm\n' },
    { bad: '«lxc.rootfs.path»: /srv/ct\n', good: 'rootfs: local-lvm:vm-200-disk-0\n' },
  ],
  tell: (problem, file) => {
    const { text } = problem.reason.token;
    if (rawVerdict(text).kind === 'taken') {
      return {
        message: `${text} is made from the rootfs line; Proxmox ignores it here. Set the volume and its mount options there.`,
      };
    }
    const meant = nearest(text, rawKeys(), 2);
    return {
      message: `Proxmox does not pass ${text} on to LXC${meant === undefined ? '' : ` (was ${meant} meant?)`}, and leaves the line out when it next writes the file.`,
      fixes: replacement(file, problem, meant),
    };
  },
});
