import { partStartingAt, removePart } from '../../languages/ctConf/edits.ts';
import { ctOption } from '../../languages/ctConf/options.ts';
import { nearest } from '../../text/nearest.ts';
import { fixIn } from '../edits.ts';
import { readerRule, readerSource, replacement } from './readerRule.ts';

export const unknownSubKey = readerRule({
  id: 'lxc/unknown-sub-key',
  codes: ['sub-unknown'],
  grows: true,
  docs: {
    what: 'A property string has a sub-key that this option does not know. Sub-keys are case-sensitive, and a blank belongs to what it touches.',
    why: 'Proxmox warns in its log when it reads the file, and gives up on the line when the container starts.',
    source: readerSource,
  },
  examples: [
    { bad: 'dev0: /dev/kfd,«git»=104\n', fixed: 'dev0: /dev/kfd,gid=104\n', good: 'dev0: /dev/kfd,gid=104\n' },
    { bad: 'dev0: /dev/kfd,« gid»=104\n', fixed: 'dev0: /dev/kfd,gid=104\n', good: 'dev0: /dev/kfd,gid=104\n' },
    { bad: 'features: nesting=1,«docker»=1\n', fixed: 'features: nesting=1\n', good: 'features: nesting=1\n' },
  ],
  tell: (problem, file) => {
    const { node, reason, line } = problem;
    const known = Object.keys(ctOption(node.key.text)?.schema.properties ?? {});
    const text = reason.token.text.trim();
    const meant = known.includes(text.toLowerCase())
      ? text.toLowerCase()
      : nearest(text, known, text.length > 5 ? 2 : 1);
    const part = partStartingAt(node, reason.token.start);
    const removal = part ? [fixIn(file, `Remove ${part.whole.text.trim()}`, removePart(file.tree, line, part))] : [];
    return {
      message: `${node.key.text} has no sub-key "${reason.token.text}" (there are ${known.join(', ')}): the whole line is refused.`,
      fixes: [...replacement(file, problem, meant), ...removal],
    };
  },
});
