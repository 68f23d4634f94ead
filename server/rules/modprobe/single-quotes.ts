import { type Parameter, parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { safeFixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const fancy = /^['\u2018\u2019\u201c\u201d]|['\u2018\u2019\u201c\u201d]$/;

const isQuoted = ({ value, hasEquals }: Parameter): boolean =>
  hasEquals && value.text.length >= 2 && fancy.test(value.text);

export const singleQuotes = modprobeRule({
  id: 'modprobe/single-quotes',
  severity: 'error',
  docs: {
    what: 'A value of a module parameter in single or typographic quotes.',
    why: 'The kernel knows double quotes only. Others become part of the value: vfio-pci then refuses the first and the last id of the list.',
    source: 'kernel 6.1 and 6.12, kernel/params.c and vfio-pci; observed',
  },
  examples: [
    {
      bad: "options vfio-pci ids=«'10de:1b80,10de:10f0'»\n",
      fixed: 'options vfio-pci ids=10de:1b80,10de:10f0\n',
      good: 'options vfio-pci ids="10de:1b80,10de:10f0"\n',
    },
  ],
  concerns: node => parametersOf(node).some(isQuoted),
  *find(node, file) {
    for (const { value } of parametersOf(node).filter(isQuoted)) {
      const bare = value.text.replace(fancy, '').replace(fancy, '');
      const isWhole = bare.length === value.text.length - 2;
      yield {
        span: spanIn(node.line, value),
        message: 'The kernel knows double quotes only: these become part of the value.',
        fixes: isWhole ? [safeFixIn(file, 'Remove the quotes', editOf(node, value, bare))] : [],
      };
    }
  },
});
