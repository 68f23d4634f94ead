import { canonicalName } from '../../languages/modprobe/tree.ts';
import { modules } from '../../languages/modules/modules.ts';
import { isForInitramfs, listed, type ModuleList } from '../../languages/modules/tree.ts';
import { insertLine } from '../../text/edit.ts';
import { span } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const inlineOption: Rule<ModuleList> = {
  id: 'modules/inline-option',
  severity: 'warning',
  language: modules,
  docs: {
    what: 'More than a name on a line of /etc/modules or modules-load.d: parameters, a second module, or a comment behind the name.',
    why: 'systemd takes the whole line for the name of one module, does not find it, and loads nothing. Parameters belong into modprobe.d, and comments on lines of their own. Only the list of the initramfs may have parameters.',
    source: 'systemd 252 and 257, modules-load.c; observed: Failed to find module',
  },
  examples: [
    { bad: 'vfio_pci «ids=10de:1b80»\n', good: 'vfio_pci\n' },
    { bad: 'vfio_pci «# for the GPU»\n', fixed: '# for the GPU\nvfio_pci\n', good: '# for the GPU\nvfio_pci\n' },
    { bad: 'vfio «vfio_pci»\n', fixed: 'vfio\nvfio_pci\n', good: 'vfio\nvfio_pci\n' },
    {
      bad: '--- etc/modules\nvfio_pci «ids=10de:1b80»\n',
      good: '--- etc/initramfs-tools/modules\nvfio_pci ids=10de:1b80\n',
    },
  ],
  *check(file) {
    if (isForInitramfs(file)) return;
    for (const { node, line } of listed(file.tree)) {
      const [first] = node.rest;
      const last = node.rest.at(-1);
      if (!first || !last) continue;
      const where = span(line, first.start, last.end);
      const text = (file.lines[line] ?? '').slice(first.start, last.end);
      const cut = { span: span(line, node.name.end, last.end), text: '' };
      const isComment = first.text.startsWith('#') || first.text.startsWith(';');
      const areNames = node.rest.every(word => /^[a-z][\w-]*$/i.test(word.text));
      const fixes = isComment
        ? [fixIn(file, 'Move the comment above', insertLine(file.lines, line, `#${text.slice(1)}`), cut)]
        : areNames
          ? [fixIn(file, 'One module to a line', { ...cut, text: node.rest.map(word => `\n${word.text}`).join('') })]
          : [];
      const advice =
        isComment || areNames
          ? ''
          : ` Write "options ${canonicalName(node.name.text)} ${text}" into a file of /etc/modprobe.d.`;
      yield {
        span: where,
        message: `systemd takes the whole line for the name of a module and loads nothing.${advice}`,
        fixes,
      };
    }
  },
};
