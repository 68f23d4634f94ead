import { rawVerdict } from '../../languages/ctConf/rawKeys.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn, safeFixIn } from '../edits.ts';
import { readerRule } from './readerRule.ts';

export const renamedRawKey = readerRule({
  id: 'lxc/renamed-raw-key',
  severity: 'warning',
  codes: ['raw-renamed'],
  docs: {
    what: 'A key for LXC has its name from before LXC 2.1.',
    why: 'Proxmox warns in its log at every read and passes the line on; LXC 3 and later do not know the old name, so the container may not start.',
    source:
      'pve-container 6.1.10, PVE/LXC/Config.pm is_valid_lxc_conf_key; LXC 3.0 release notes: the old keys are gone',
  },
  examples: [
    {
      bad: '«lxc.aa_profile»: unconfined\n',
      fixed: 'lxc.apparmor.profile: unconfined\n',
      good: 'lxc.apparmor.profile: unconfined\n',
    },
    { bad: '«lxc.limit.nofile» = 4096\n', fixed: 'lxc.prlimit.nofile = 4096\n', good: 'lxc.prlimit.nofile = 4096\n' },
    { bad: '«lxc.network.type»: veth\n', fixed: 'lxc.net.0.type: veth\n', good: 'lxc.net.0.type: veth\n' },
  ],
  tell: ({ line, reason }, file) => {
    const { text } = reason.token;
    const verdict = rawVerdict(text);
    const to = verdict.kind === 'renamed' ? verdict.to : text;
    const edit = { span: tokenSpan(line, reason.token), text: to.replace('INDEX', '0') };
    // Which interface an old network line is about is not said in the line.
    const fix = to.includes('INDEX') ? fixIn : safeFixIn;
    return {
      message: `${text} is now called ${to}.`,
      tag: 'deprecated',
      fixes: [fix(file, `Change to ${edit.text}`, edit)],
    };
  },
});
