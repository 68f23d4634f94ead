import { parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { safeFixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const prefixedParam = modprobeRule({
  id: 'modprobe/prefixed-param',
  severity: 'error',
  docs: {
    what: 'A parameter with the name of its module and a dot before it.',
    why: 'That is how the kernel command line writes it. In modprobe.d the name of the parameter stands alone; with the prefix the kernel does not know it and ignores it.',
    source: 'kmod passes option text on as it is; kernel, "unknown parameter ignored"; observed',
  },
  examples: [
    {
      bad: 'options vfio-pci «vfio-pci.ids»=10de:1b80\n',
      fixed: 'options vfio-pci ids=10de:1b80\n',
      good: 'options vfio-pci ids=10de:1b80\n',
    },
  ],
  concerns: node => parametersOf(node).some(({ name }) => isPrefixed(name.text, node.module)),
  *find(node, file) {
    for (const { name } of parametersOf(node)) {
      if (!isPrefixed(name.text, node.module)) continue;
      const bare = name.text.slice(name.text.indexOf('.') + 1);
      yield {
        span: spanIn(node.line, name),
        message: `The kernel ignores this: behind "options ${node.name.text}" the parameter is called ${bare}.`,
        fixes: bare === '' ? [] : [safeFixIn(file, `Change to ${bare}`, editOf(node, name, bare))],
      };
    }
  },
});

function isPrefixed(parameter: string, module: string): boolean {
  const dot = parameter.indexOf('.');
  return dot > 0 && canonicalName(parameter.slice(0, dot)) === module;
}
