import { ctOption } from '../../languages/ctConf/options.ts';
import { readerRule, readerSource } from './readerRule.ts';

export const missingSubKey = readerRule({
  id: 'lxc/missing-sub-key',
  codes: ['sub-missing'],
  docs: {
    what: 'A property string lacks a sub-key that the option cannot be without: the volume and `mp` of a mount point, the `name` of an interface.',
    why: 'Proxmox warns in its log when it reads the file, and gives up on the line when the container starts.',
    source: readerSource,
  },
  examples: [
    { bad: 'mp0: «/srv/media»\n', good: 'mp0: /srv/media,mp=/media\n' },
    { bad: 'net0: «bridge=vmbr0»\n', good: 'net0: name=eth0,bridge=vmbr0\n' },
  ],
  tell: ({ node, reason }) => {
    const isDefault = ctOption(node.key.text)?.schema.defaultKey === reason.sub;
    const what = isDefault ? `its first value, ${reason.sub}` : `${reason.sub}=…`;
    return { message: `${node.key.text} needs ${what}: the whole line is refused.` };
  },
});
