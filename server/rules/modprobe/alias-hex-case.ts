import { editOf } from '../../languages/modprobe/repair.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { safeFixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const aliasHexCase = modprobeRule({
  id: 'modprobe/alias-hex-case',
  severity: 'error',
  docs: {
    what: 'An alias for a PCI id with lower-case digits, or with fewer than eight of them.',
    why: 'The kernel asks for devices with eight upper-case digits, and kmod compares letter by letter: the alias is for no device.',
    source: 'kernel, modalias of PCI devices; kmod, fnmatch; observed',
  },
  examples: [
    {
      bad: 'alias «pci:v00008086d000010d3sv*sd*bc*sc*i*» vfio-pci\n',
      fixed: 'alias pci:v00008086d000010D3sv*sd*bc*sc*i* vfio-pci\n',
      good: 'alias pci:v00008086d000010D3sv*sd*bc*sc*i* vfio-pci\n',
    },
  ],
  concerns: ({ kind, name }) => kind === 'alias' && (asKernelWrites(name.text) ?? name.text) !== name.text,
  *find(node, file) {
    const meant = asKernelWrites(node.name.text);
    if (meant === undefined) return;
    yield {
      span: spanIn(node.line, node.name),
      message: 'No device matches this: PCI ids have eight upper-case digits here.',
      fixes: [safeFixIn(file, 'Write the ids as the kernel does', editOf(node, node.name, meant))],
    };
  },
});

const id = '([0-9a-f]{4}(?:[0-9a-f]{4})?|\\*)';
const pattern = new RegExp(`^pci:v${id}d${id}sv${id}sd${id}bc([0-9a-f]{2}|\\*)sc([0-9a-f]{2}|\\*)i(.*)$`, 'i');

/** `undefined` where the name is no pattern for PCI ids, or a more clever one. */
function asKernelWrites(name: string): string | undefined {
  const found = pattern.exec(name);
  if (!found) return undefined;
  const [vendor, device, subvendor, subdevice] = found.slice(1, 5).map(long) as [string, string, string, string];
  const [base, sub, rest] = found.slice(5).map(text => text.toUpperCase()) as [string, string, string];
  return `pci:v${vendor}d${device}sv${subvendor}sd${subdevice}bc${base}sc${sub}i${rest}`;
}

const long = (text: string): string => (text === '*' ? text : text.toUpperCase().padStart(8, '0'));
