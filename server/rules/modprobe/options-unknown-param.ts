import { parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { nearest } from '../../text/nearest.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

const host = `hostpci snapshot 1
== known parameters: ok
vfio_pci: disable_denylist disable_idle_d3 disable_vga enable_sriov ids nointxmask
== end
`;

/** What vfio-pci has had since kernel 6.1, for files without a host. Source: drivers/vfio/pci/vfio_pci.c. */
const vfioParameters = ['disable_denylist', 'disable_idle_d3', 'disable_vga', 'enable_sriov', 'ids', 'nointxmask'];

export const optionsUnknownParam = modprobeRule({
  id: 'modprobe/options-unknown-param',
  severity: 'warning',
  docs: {
    what: 'A parameter that the module of this host does not have; without the host, one of vfio-pci that looks misspelt.',
    why: 'The kernel ignores it with a message in its log. It is misspelt, or this version of the module no longer has it.',
    source: 'kernel, "unknown parameter ignored", observed; the parameters that modinfo lists on the host',
  },
  examples: [
    {
      bad: 'options vfio-pci «disable_blacklist»=1 ids=10de:1b80\n',
      good: 'options vfio-pci disable-vga=1 ids=10de:1b80\n',
      host,
    },
    {
      bad: 'options vfio-pci «disable_idle_d4»=1\n',
      fixed: 'options vfio-pci disable_idle_d3=1\n',
      good: 'options nvidia NVreg_EnableMSI=1\n',
      host,
    },
    {
      bad: 'options vfio-pci «disable_blacklist»=1 # from a guide\n',
      good: 'options vfio-pci disable_vga=1 # from a guide\n',
      host,
    },
    {
      bad: 'options vfio-pci «diable_vga»=1\n',
      fixed: 'options vfio-pci disable_vga=1\n',
      good: 'options vfio-pci some_day=1\n',
    },
  ],
  concerns: ({ kind }) => kind === 'options',
  among(file, world) {
    const told = inventoryOf(world, file)?.knownParameters;
    return { has: module => module === 'vfio_pci' || told?.has(module) === true };
  },
  *find(node, file, world) {
    const { module } = node;
    const told = inventoryOf(world, file)?.knownParameters.get(module);
    const known = told ?? (module === 'vfio_pci' ? vfioParameters : undefined);
    if (!known) return;
    const names = new Set([...known.map(canonicalName), 'dyndbg', 'async_probe']);
    for (const { name, whole } of parametersOf(node)) {
      // What follows is meant as a comment, which is the business of modprobe/inline-comment.
      if (whole.text.startsWith('#')) break;
      if (!/^[a-z_][\w-]*$/i.test(name.text) || names.has(canonicalName(name.text))) continue;
      const meant = nearest(canonicalName(name.text), known, 2);
      if (!told && !meant) continue;
      yield {
        span: spanIn(node.line, name),
        message: `${module} has no parameter ${name.text}${told ? ' on this host' : ''}; the kernel ignores it.${meant ? ` Was ${meant} meant?` : ''}`,
        fixes: meant ? [fixIn(file, `Change to ${meant}`, editOf(node, name, meant))] : [],
      };
    }
  },
});
