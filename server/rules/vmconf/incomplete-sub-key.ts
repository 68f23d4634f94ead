import { removePart } from '../../languages/vmConf/edits.ts';
import { partsOf } from '../../languages/vmConf/tree.ts';
import { fixIn } from '../edits.ts';
import { lost, parserRule, schemaSource, whyLost } from '../parserRule.ts';

export const incompleteSubKey = parserRule({
  id: 'vmconf/incomplete-sub-key',
  code: 'sub-incomplete',
  docs: {
    what: 'A part of a property string has an equals sign with nothing before or behind it.',
    why: whyLost,
    source: schemaSource,
  },
  examples: [
    { bad: 'hostpci0: 01:00,«romfile=»\n', fixed: 'hostpci0: 01:00\n', good: 'hostpci0: 01:00,romfile=gpu.rom\n' },
    { bad: 'hostpci0: 01:00,«=1»\n', fixed: 'hostpci0: 01:00\n', good: 'hostpci0: 01:00,pcie=1\n' },
  ],
  tell: ({ node, reason, line }, file) => {
    const part = partsOf(node).find(one => one.whole.start === reason.token.start);
    const missing = reason.sub === '' ? 'There is no sub-key before the equals sign.' : `${reason.sub} has no value.`;
    return {
      message: `${missing} The whole line is refused for it. ${lost}`,
      fixes: part ? [fixIn(file, `Remove ${part.whole.text}`, removePart(file.tree, line, part))] : [],
    };
  },
});
