import { partStartingAt, removePart } from '../../languages/ctConf/edits.ts';
import type { CtProblem } from '../../languages/ctConf/read.ts';
import { fixIn } from '../edits.ts';
import { readerRule, readerSource, replacement } from './readerRule.ts';

export const badSubValue = readerRule({
  id: 'lxc/bad-sub-value',
  codes: ['sub-value', 'sub-enum', 'sub-range', 'sub-incomplete', 'sub-no-default-key'],
  docs: {
    what: 'A part of a property string is not what it should be: a value of the wrong form or out of its range, nothing before or behind the equals sign, or a value without a name.',
    why: 'Proxmox warns in its log when it reads the file. When the container starts it reads the line again and gives up: the container does not start, or comes up without it.',
    source: readerSource,
  },
  examples: [
    { bad: 'dev0: «renderD128»\n', good: 'dev0: /dev/dri/renderD128\n' },
    { bad: 'dev0: /dev/kfd,mode=«660»\n', fixed: 'dev0: /dev/kfd,mode=0660\n', good: 'dev0: /dev/kfd,mode=0660\n' },
    { bad: 'dev0: /dev/kfd,gid=«render»\n', good: 'dev0: /dev/kfd,gid=104\n' },
    { bad: 'net0: name=eth0,ip=«192.168.1.5»\n', good: 'net0: name=eth0,ip=192.168.1.5/24\n' },
    { bad: 'features: «nesting»\n', good: 'features: nesting=1\n' },
    { bad: 'features: nesting=1,«keyctl=»\n', fixed: 'features: nesting=1\n', good: 'features: nesting=1\n' },
    { bad: 'net0: name=eth0,tag=«4095»\n', good: 'net0: name=eth0,tag=4094\n' },
  ],
  tell: (problem, file) => {
    const { node, reason, line } = problem;
    const part = reason.code === 'sub-incomplete' ? partStartingAt(node, reason.token.start) : undefined;
    return {
      message: `${faultOf(problem)} The line does not count as it stands.`,
      fixes: part
        ? [fixIn(file, `Remove ${part.whole.text}`, removePart(file.tree, line, part))]
        : replacement(file, problem),
    };
  },
});

function faultOf({ node, reason }: CtProblem): string {
  const { token, sub, fault, code } = reason;
  if (code === 'sub-incomplete') return `"${token.text}" is not name=value.`;
  if (code === 'sub-no-default-key')
    return `${node.key.text} is made of name=value parts, and "${token.text}" has no name.`;
  if (sub === 'gid' || sub === 'uid')
    return `${sub}: "${token.text}" ${fault}: names are not looked up, use the number.`;
  return `${sub}: "${token.text}" ${fault}.`;
}
