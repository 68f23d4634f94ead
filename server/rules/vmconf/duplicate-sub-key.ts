import { removePart } from '../../languages/vmConf/edits.ts';
import { partsOf } from '../../languages/vmConf/tree.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const duplicateSubKey = parserRule({
  id: 'vmconf/duplicate-sub-key',
  code: 'sub-duplicate',
  docs: {
    what: 'A property string sets the same sub-key twice: under its own name, under an alias, or with a part that has no name.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'hostpci0: 01:00,pcie=1,«pcie»=1\n', fixed: 'hostpci0: 01:00,pcie=1\n', good: 'hostpci0: 01:00,pcie=1\n' },
    { bad: 'hostpci0: 01:00,«02:00»\n', fixed: 'hostpci0: 01:00\n', good: 'hostpci0: 01:00;02:00\n' },
    {
      bad: 'net0: virtio=BC:24:11:00:00:01,«e1000»=BC:24:11:00:00:02\n',
      fixed: 'net0: virtio=BC:24:11:00:00:01\n',
      good: 'net0: virtio=BC:24:11:00:00:01\n',
    },
  ],
  tell: ({ node, reason, line }, file) => {
    const part = partsOf(node).find(one => one.whole.start === reason.token.start);
    return {
      message: `${faultOf(reason.token.text, reason.sub ?? '', node.key.text)} ${lost}`,
      fixes: part ? [fixIn(file, `Remove ${part.whole.text}`, removePart(file.tree, line, part))] : [],
    };
  },
});

function faultOf(text: string, sub: string, key: string): string {
  if (text === sub) return `${sub} is set twice in ${key}.`;
  if (key.startsWith('hostpci') && sub === 'host') {
    return `"${text}" is a second value for ${sub}: several addresses have semicolons between them, not commas.`;
  }
  return `"${text}" sets ${sub} a second time in ${key}.`;
}
