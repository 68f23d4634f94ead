import { moduleConfig } from '../../facts/moduleLoading.ts';
import { firstFor } from '../../languages/modprobe/firstFor.ts';
import { hasWildcard } from '../../languages/modprobe/wildcard.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const installIgnored = modprobeRule({
  id: 'modprobe/install-ignored',
  severity: 'warning',
  docs: {
    what: 'An `install` line for a module that has a softdep, or a second one for the same module.',
    why: 'A module with softdeps is loaded as usual, and the command is not run: `/bin/false` then forbids nothing. Of several lines the first one counts.',
    source: 'kmod 30, kmod_module_probe_insert_module; observed',
  },
  examples: [
    {
      bad: 'install «nouveau» /bin/false\nsoftdep nouveau pre: vfio-pci\n',
      good: 'install nouveau /bin/false\nblacklist nouveau\n',
    },
    { bad: 'install nouveau /bin/false\ninstall «nouveau» /bin/true\n', good: 'install nouveau /bin/false\n' },
  ],
  concerns: ({ kind, name }) => kind === 'install' && !hasWildcard(name.text),
  *find(node, file, world) {
    const { module } = node;
    const { installs, softdeps } = moduleConfig(world, file);
    const first = firstFor(installs, module);
    const softdep = firstFor(softdeps, module);
    const span = spanIn(node.line, node.name);
    if (first && (first.file.uri !== file.uri || first.node.line.from !== node.line.from)) {
      const related = [
        { uri: first.file.uri, span: spanIn(first.node.line, first.node.name), message: 'This line counts.' },
      ];
      yield {
        span,
        message: `kmod uses the first install line for ${module} only, so this one does nothing.`,
        related,
      };
    } else if (softdep && softdep.pre.length + softdep.post.length > 0) {
      yield {
        span,
        message: `${module} has a softdep, so kmod loads it and does not run this command.`,
        related: [
          { uri: softdep.file.uri, span: spanIn(softdep.node.line, softdep.node.name), message: 'The softdep.' },
        ],
      };
    }
  },
});
