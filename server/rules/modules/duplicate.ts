import { canonicalName } from '../../languages/modprobe/tree.ts';
import { modules } from '../../languages/modules/modules.ts';
import { listed, type ModuleList } from '../../languages/modules/tree.ts';
import { deleteLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { safeFixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const duplicate: Rule<ModuleList> = {
  id: 'modules/duplicate',
  severity: 'hint',
  language: modules,
  docs: {
    what: 'A module that stands in the same list twice; `-` and `_` are the same.',
    why: 'The second line does nothing.',
    source: 'systemd, modules-load.c; kmod compares names with underscores',
  },
  examples: [{ bad: 'vfio_pci\n«vfio-pci»\n', fixed: 'vfio_pci\n', good: 'vfio\nvfio_pci\n' }],
  *check(file) {
    const seen = new Map<string, number>();
    for (const { node, line } of listed(file.tree)) {
      const key = canonicalName([node.name, ...node.rest].map(word => word.text).join(' '));
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, line);
        continue;
      }
      yield {
        span: tokenSpan(line, node.name),
        message: `${node.name.text} is in the list already, in line ${first + 1}.`,
        tag: 'unnecessary',
        related: [{ uri: file.uri, span: span(first, 0, file.lines[first]?.length ?? 0), message: 'The first one.' }],
        fixes: [safeFixIn(file, 'Remove the line', deleteLine(file.lines, line))],
      };
    }
  },
};
