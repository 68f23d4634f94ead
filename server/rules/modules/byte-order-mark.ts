import { modules } from '../../languages/modules/modules.ts';
import { listed, type ModuleList } from '../../languages/modules/tree.ts';
import { span } from '../../text/span.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

const invisible = /[\ufeff\u200b-\u200f\u2060\u00ad]/;

export const byteOrderMark: Rule<ModuleList> = {
  id: 'modules/byte-order-mark',
  severity: 'warning',
  language: modules,
  docs: {
    what: 'A character in the name of a module that cannot be seen, such as a byte order mark at the start of the file.',
    why: 'systemd looks for a module with that character in its name, and finds none.',
    source: 'systemd 252, modules-load.c; observed',
  },
  examples: [{ bad: '«\ufeffvfio»\nvfio_pci\n', fixed: 'vfio\nvfio_pci\n', good: 'vfio\nvfio_pci\n' }],
  *check(file) {
    for (const { node, line } of listed(file.tree)) {
      if (!invisible.test(node.name.text)) continue;
      const { start, end, text } = node.name;
      const where = span(line, start, end);
      const bare = text.replace(new RegExp(invisible, 'g'), '');
      yield {
        span: where,
        message: 'There is a character in this name that cannot be seen, so no module of the name is found.',
        fixes: [safeFixIn(file, 'Remove it', { span: where, text: bare })],
      };
    }
  },
};
