import { moduleConfig } from '../../facts/moduleLoading.ts';
import { softdepOf } from '../../languages/modprobe/arguments.ts';
import { firstNamed } from '../../languages/modprobe/firstFor.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { hasWildcard } from '../../languages/modprobe/wildcard.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule, removeLine } from '../modprobeRule.ts';

export const softdepRepeated = modprobeRule({
  id: 'modprobe/softdep-repeated',
  severity: 'warning',
  docs: {
    what: 'A second `softdep` line for a module, in the order in which kmod reads the files.',
    why: 'kmod uses the first line for a module and passes over the others without a message. The kernel has lines of its own for some modules, as a file called modules.softdep: a file whose name sorts after that comes too late for them.',
    source: 'kmod 30, kmod_module_get_softdeps; observed, also with r8169 of kernel 6.1',
  },
  examples: [
    {
      bad: 'softdep nouveau pre: vfio-pci\nsoftdep «nouveau» pre: i2c-dev\n',
      fixed: 'softdep nouveau pre: vfio-pci i2c-dev\n',
      good: 'softdep nouveau pre: vfio-pci i2c-dev\n',
    },
    { bad: 'softdep «r8169» pre: vfio-pci\n', good: 'softdep igb pre: vfio-pci\n' },
  ],
  concerns: ({ kind, name }) => kind === 'softdep' && !hasWildcard(name.text),
  *find(node, file, world) {
    const { module } = node;
    const first = firstNamed(moduleConfig(world, file).softdeps, module);
    const { pre, post } = softdepOf(node);
    const span = spanIn(node.line, node.name);
    const isFirst = first?.file.uri === file.uri && first.node.line.from === node.line.from;
    if (!first || pre.length + post.length === 0) return;
    if (isFirst) {
      const name = file.place.path.slice(file.place.path.lastIndexOf('/') + 1);
      if (!kernelHas.has(module) || name < 'modules.softdep') return;
      const message = `The kernel has a softdep for ${module} itself, and this file is read after it: the line is not used. Put it into a file whose name sorts before "modules.softdep".`;
      yield { span, message };
      return;
    }
    const old = softdepOf(first.node);
    const added = pre.filter(word => !old.pre.some(one => canonicalName(one.text) === canonicalName(word.text)));
    const end = old.pre.at(-1)?.end ?? old.keywords.find(word => word.text === 'pre:')?.end;
    const canMerge = first.file.uri === file.uri && post.length === 0 && end !== undefined;
    const texts = added.map(word => ` ${word.text}`).join('');
    yield {
      span,
      message: `kmod uses the first softdep for ${module} only, so this line does nothing.`,
      related: [{ uri: first.file.uri, span: spanIn(first.node.line, first.node.name), message: 'This line counts.' }],
      fixes: canMerge
        ? [
            fixIn(
              file,
              'Merge into the first line',
              editOf(first.node, { start: end, end }, texts),
              removeLine(file.lines, node.line),
            ),
          ]
        : [],
    };
  },
});

/** Modules of hardware for which the kernel brings a softdep, the same in 6.1 and 6.12. */
const kernelHas: ReadonlySet<string> = new Set([
  'r8169',
  'uhci_hcd',
  'ohci_pci',
  'csiostor',
  'vfio',
  'intel_lpss',
  'snd_sof_intel_hda',
]);
