import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { readerRule } from './readerRule.ts';

export const cgroup1Key = readerRule({
  id: 'lxc/cgroup1-key',
  severity: 'warning',
  codes: ['raw-cgroup1'],
  docs: {
    what: 'A line sets something of control groups version 1 (`lxc.cgroup.…`).',
    why: 'Where the host uses version 2, as Proxmox VE does by default since 7.0, the line has no effect: a device that it should allow stays forbidden. Proxmox announces that it will refuse such lines.',
    source: 'pve-container 6.1.10, PVE/LXC/Config.pm is_valid_lxc_conf_key; Proxmox VE 7.0 release notes',
  },
  examples: [
    {
      bad: '«lxc.cgroup.devices.allow»: c 226:* rwm\n',
      fixed: 'lxc.cgroup2.devices.allow: c 226:* rwm\n',
      good: 'lxc.cgroup2.devices.allow: c 226:* rwm\n',
    },
    { bad: '«lxc.cgroup.memory.limit_in_bytes» = 1G\n', good: 'memory: 1024\n' },
  ],
  tell: ({ line, reason }, file) => {
    const { text } = reason.token;
    // Only the device keys have the same name and meaning in both versions.
    const isSame = /^lxc\.cgroup\.devices\.(?:allow|deny)$/.test(text);
    const to = text.replace('lxc.cgroup.', 'lxc.cgroup2.');
    return {
      message: `${text} is for control groups version 1 and has no effect where the host uses version 2.`,
      tag: 'deprecated',
      fixes: isSame ? [fixIn(file, `Change to ${to}`, { span: tokenSpan(line, reason.token), text: to })] : [],
    };
  },
});
