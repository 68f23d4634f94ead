import { editOf } from '../../languages/modprobe/repair.ts';
import { hasWildcard, matchesWildcard } from '../../languages/modprobe/wildcard.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = 'hostpci snapshot 1\n== loaded modules: ok\nnvidia\nnvidia_drm\nnvme\n== end\n';

export const wildcardName = modprobeRule({
  id: 'modprobe/wildcard-name',
  severity: 'warning',
  docs: {
    what: 'A `blacklist` or `options` line with `*`, `?` or `[…]` in the name of the module.',
    why: 'kmod compares these names as they are, so the line is for no module at all. Wildcards work in `alias`, `softdep`, `install` and `remove` lines.',
    source:
      'kmod 30 and 34.2, module_is_blacklisted and kmod_module_get_options compare, kmod_module_get_softdeps matches; observed',
  },
  examples: [
    {
      bad: 'blacklist «nvidia*»\n',
      fixed: 'blacklist nvidia\nblacklist nvidia_drm\n',
      good: 'softdep nvidia* pre: vfio-pci\n',
      host,
    },
  ],
  concerns: ({ kind, name }) => (kind === 'blacklist' || kind === 'options') && hasWildcard(name.text),
  *find(node, file, world) {
    const loaded = [...(inventoryOf(world, file)?.loadedModules ?? [])]
      .filter(name => matchesWildcard(node.module, name))
      .sort();
    const { text } = node.line;
    const rest = text.slice(node.name.end, node.rest.end);
    const lines = loaded.map(name => `${node.kind} ${name}${rest}`).join('\n');
    yield {
      span: spanIn(node.line, node.name),
      message: `"${node.kind}" takes no wildcards: kmod looks for a module of exactly this name. Write one line for each module.`,
      fixes:
        loaded.length > 0 && loaded.length <= 8
          ? [
              fixIn(
                file,
                `Write ${loaded.join(', ')}`,
                editOf(node, { start: node.command.start, end: node.rest.end }, lines),
              ),
            ]
          : [],
    };
  },
});
