import { ctTable } from '../../languages/ctConf/ctTable.generated.ts';
import { ctFamily, ctOption } from '../../languages/ctConf/options.ts';
import type { CtProblem } from '../../languages/ctConf/read.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { nearest } from '../../text/nearest.ts';
import { readerRule, readerSource, replacement } from './readerRule.ts';

export const unknownKey = readerRule({
  id: 'lxc/unknown-key',
  codes: ['unknown-key'],
  grows: true,
  docs: {
    what: 'A line has a key that Proxmox does not know: misspelt, without its index, or with an index that is too high.',
    why: 'Proxmox warns in its log; the line stays in the file and has no effect.',
    source: readerSource,
  },
  examples: [
    { bad: '«hostnam»: media\n', fixed: 'hostname: media\n', good: 'hostname: media\n' },
    { bad: '«dev»: /dev/kfd\n', fixed: 'dev0: /dev/kfd\n', good: 'dev0: /dev/kfd\n' },
    {
      bad: 'net0: name=eth0\n«net32»: name=eth1\n',
      fixed: 'net0: name=eth0\nnet1: name=eth1\n',
      good: 'net31: name=eth1\n',
    },
    { bad: '«hostpci0»: 01:00\n', good: 'dev0: /dev/dri/renderD128\n' },
  ],
  tell: (problem, file) => {
    const meant = meantKey(problem, file);
    return {
      message: `${faultOf(problem.reason.token.text, meant)} The line has no effect.`,
      fixes: replacement(file, problem, meant),
    };
  },
});

function faultOf(text: string, meant: string | undefined): string {
  const family = ctFamily(text);
  const last = family?.schema.last;
  if (family && text === family.name) return `${text} needs an index: ${text}0 to ${text}${last}.`;
  if (family) return `There is no ${text}: ${family.name} goes from 0 to ${last}, without leading zeros.`;
  if (/^hostpci[0-9]*$/.test(text)) {
    return 'A container takes no PCI device: it shares the kernel of the host. Hand it the device nodes of the driver with devN.';
  }
  return `Containers have no option ${text}.${meant === undefined ? '' : ` Was ${meant} meant?`}`;
}

function meantKey({ reason, section }: CtProblem, file: SourceFile<CtConf>): string | undefined {
  const { text } = reason.token;
  const family = ctFamily(text);
  const taken = new Set(file.tree.nodes.slice(section.from, section.to).map(({ key }) => key.text));
  if (!family) return nearest(text, names(text), text.length > 5 ? 2 : 1);
  const plain = text.replace(/0+(?=[0-9]+$)/, '');
  if (plain !== text && ctOption(plain) && !taken.has(plain)) return plain;
  const free = Array.from({ length: family.schema.last + 1 }, (_, index) => `${family.name}${index}`);
  return free.find(key => !taken.has(key));
}

/** Options, and families with the index that the word has. */
function names(text: string): readonly string[] {
  const index = /[0-9]+$/.exec(text)?.[0];
  const members = Object.keys(ctTable.families).map(name => `${name}${Number(index)}`);
  return [...Object.keys(ctTable.options), ...(index === undefined ? [] : members.filter(key => ctOption(key)))];
}
