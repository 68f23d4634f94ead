import { kept, readerRule, readerSource, replacement } from './readerRule.ts';

export const badValue = readerRule({
  id: 'lxc/bad-value',
  codes: ['value', 'line-feed'],
  docs: {
    what: 'The value of an option has the wrong form: a boolean, a number, a name, an address or a list that is none.',
    why: 'Proxmox warns in its log and goes on with the value as it stands: a boolean that is none counts as on, other values fail when the container starts, or later.',
    source: readerSource,
  },
  examples: [
    { bad: 'unprivileged: «y»\n', fixed: 'unprivileged: 1\n', good: 'unprivileged: yes\n' },
    { bad: 'memory: «2G»\n', good: 'memory: 2048\n' },
    { bad: 'hostname: «my ct»\n', fixed: 'hostname: my-ct\n', good: 'hostname: my-ct.lan\n' },
    { bad: 'nameserver: «dns.lan»\n', good: 'nameserver: 192.168.1.1 fe80::1%eth0\n' },
    { bad: 'hookscript: «/root/gpu.pl»\n', good: 'hookscript: local:snippets/gpu.pl\n' },
  ],
  tell: (problem, file) => {
    const { node, reason } = problem;
    const text = reason.token.text.trim();
    if (text === '') return { message: `${node.key.text} has no value. ${kept}` };
    if (reason.code === 'line-feed') return { message: `There is a carriage return inside the value. ${kept}` };
    return { message: `"${text}" ${reason.fault}. ${kept}`, fixes: replacement(file, problem) };
  },
});
