import { softdepOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import { canonicalName, type ReadLine } from '../../languages/modprobe/tree.ts';
import { isVfioPci } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import type { Token } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const softdepInverted = modprobeRule({
  id: 'modprobe/softdep-inverted',
  severity: 'error',
  docs: {
    what: 'A `softdep` that loads the driver of a device before vfio-pci.',
    why: 'The driver then takes the device first, which is the opposite of what such a line is for.',
    source:
      'kmod, softdep; Proxmox VE documentation, PCI(e) passthrough, whose text had it the wrong way round until December 2025',
  },
  examples: [
    {
      bad: 'softdep vfio-pci pre: «nvidia nouveau»\n',
      fixed: 'softdep nvidia pre: vfio-pci\nsoftdep nouveau pre: vfio-pci\n',
      good: 'softdep nvidia pre: vfio-pci\nsoftdep vfio-pci pre: vendor-reset\n',
    },
    {
      bad: 'softdep nouveau post: «vfio-pci»\n',
      fixed: 'softdep nouveau pre: vfio-pci\n',
      good: 'softdep nouveau pre: vfio-pci\n',
    },
  ],
  concerns: node => node.kind === 'softdep' && inverted(node).wrong.length > 0,
  *find(node, file) {
    const { wrong, drivers } = inverted(node);
    const [first] = wrong;
    const [driver] = drivers;
    const last = wrong.at(-1);
    if (!first || !last || !driver) return;
    const { pre, post } = softdepOf(node);
    const isAll = pre.length + post.length === wrong.length;
    const whole = { start: node.command.start, end: node.line.text.trimEnd().length };
    const text = drivers.map(name => `softdep ${name} pre: vfio-pci`).join('\n');
    yield {
      span: spanIn(node.line, { start: first.start, end: last.end }),
      message: `This loads ${driver} before vfio-pci, so that it takes the device. Write "softdep ${driver} pre: vfio-pci".`,
      fixes: isAll ? [fixIn(file, 'Turn it around', editOf(node, whole, text))] : [],
    };
  },
});

/** The words that are in the wrong list, and the drivers that come too early because of them. */
function inverted(node: ReadLine): { readonly wrong: readonly Token[]; readonly drivers: readonly string[] } {
  const { pre, post } = softdepOf(node);
  const module = node.name.text;
  if (isVfioPci(node)) {
    const wrong = pre.filter(word => isDriver(word.text));
    return { wrong, drivers: wrong.map(word => word.text) };
  }
  const isVfio = (word: Token): boolean => canonicalName(word.text) === 'vfio_pci';
  if (!isDriver(module) || pre.some(isVfio)) return { wrong: [], drivers: [] };
  return { wrong: post.filter(isVfio), drivers: [module] };
}

/** Drivers of devices that people pass through. */
const isDriver = (name: string): boolean => deviceDrivers.has(canonicalName(name));

const deviceDrivers: ReadonlySet<string> = new Set([
  ...[
    'nvidia',
    'nvidia_drm',
    'nvidia_modeset',
    'nvidia_uvm',
    'nvidiafb',
    'nouveau',
    'amdgpu',
    'radeon',
    'i915',
    'xe',
    'ast',
  ],
  ...['snd_hda_intel', 'xhci_pci', 'xhci_hcd', 'ahci', 'nvme', 'mpt3sas', 'megaraid_sas', 'i2c_nvidia_gpu', 'ucsi_ccg'],
  ...[
    'igb',
    'igc',
    'ixgbe',
    'i40e',
    'ice',
    'e1000e',
    'r8169',
    'r8125',
    'tg3',
    'bnx2x',
    'bnxt_en',
    'mlx4_core',
    'mlx5_core',
  ],
]);
