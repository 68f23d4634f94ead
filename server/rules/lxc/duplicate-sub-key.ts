import { removePart } from '../../languages/ctConf/edits.ts';
import { parsePropertyString } from '../../syntax/propertyString.ts';
import { fixIn } from '../edits.ts';
import { readerRule, readerSource } from './readerRule.ts';

export const duplicateSubKey = readerRule({
  id: 'lxc/duplicate-sub-key',
  codes: ['sub-duplicate'],
  docs: {
    what: 'A property string sets the same sub-key twice, by its name or with a part that has none.',
    why: 'Proxmox warns in its log when it reads the file, and gives up on the line when the container starts.',
    source: readerSource,
  },
  examples: [
    { bad: 'dev0: /dev/kfd,gid=104,«gid»=44\n', fixed: 'dev0: /dev/kfd,gid=104\n', good: 'dev0: /dev/kfd,gid=104\n' },
    {
      bad: 'dev0: /dev/kfd,«/dev/dri/card0»\n',
      fixed: 'dev0: /dev/kfd\n',
      good: 'dev0: /dev/kfd\ndev1: /dev/dri/card0\n',
    },
  ],
  tell: ({ node, reason, line }, file) => {
    const { token, sub } = reason;
    const part = parsePropertyString(node.value).find(({ whole }) => whole.start === token.start);
    return {
      message: `"${token.text}" sets ${sub} a second time in ${node.key.text}: the whole line is refused.`,
      fixes: part ? [fixIn(file, `Remove ${part.whole.text}`, removePart(file.tree, line, part))] : [],
    };
  },
});
