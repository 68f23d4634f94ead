import { parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { safeFixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const spacedEquals = modprobeRule({
  id: 'modprobe/spaced-equals',
  severity: 'error',
  docs: {
    what: 'Blanks around the `=` of a module parameter.',
    why: 'The kernel splits at blanks, so the parameter gets no value. vfio-pci with `ids = …` is then not loaded at all.',
    source: 'kernel 6.1 and 6.12, kernel/params.c; observed',
  },
  examples: [
    {
      bad: 'options vfio-pci «ids = 10de:1b80»\n',
      fixed: 'options vfio-pci ids=10de:1b80\n',
      good: 'options vfio-pci ids=10de:1b80\n',
    },
  ],
  concerns: node => node.kind === 'options' && /\s=|=\s/.test(node.line.text),
  *find(node, file) {
    const parameters = parametersOf(node);
    for (const [index, one] of parameters.entries()) {
      const next = parameters[index + 1];
      const isLoose = /^[\w-]+$/.test(one.whole.text) && next?.whole.text.startsWith('=');
      const isOpen = /^[\w-]+=$/.test(one.whole.text) && next && /^[0-9][\w:,.-]*$/.test(next.whole.text);
      if (!next || (!isLoose && !isOpen)) continue;
      const value = isLoose && next.whole.text === '=' ? (parameters[index + 2] ?? next) : next;
      const name = one.whole.text.replace(/=$/, '');
      const text = node.line.text.slice(one.whole.end, value.whole.end).replace(/[\s=]/g, '');
      yield {
        span: spanIn(node.line, { start: one.whole.start, end: value.whole.end }),
        message: `"${name}" gets no value: the kernel splits at blanks. Write ${name}=${text || 'VALUE'} without any.`,
        fixes:
          text === ''
            ? []
            : [
                safeFixIn(
                  file,
                  'Remove the blanks',
                  editOf(node, { start: one.whole.start, end: value.whole.end }, `${name}=${text}`),
                ),
              ],
      };
    }
  },
});
