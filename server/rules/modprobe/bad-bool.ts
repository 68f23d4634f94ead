import { parametersOf } from '../../languages/modprobe/arguments.ts';
import { canonicalName } from '../../languages/modprobe/tree.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { modprobeRule } from '../modprobeRule.ts';

export const badBool = modprobeRule({
  id: 'modprobe/bad-bool',
  severity: 'error',
  docs: {
    what: 'A switch of vfio-pci, vfio_iommu_type1 or KVM with a value that is neither on nor off: 1, 0, y, n, on and off.',
    why: 'The kernel refuses the value and does not load the module at all.',
    source: 'kernel 6.1 and 6.12, kstrtobool and kernel/params.c; observed with vfio-pci',
  },
  examples: [
    { bad: 'options vfio-pci disable_vga=«maybe»\n', good: 'options vfio-pci disable_vga=yes disable_idle_d3\n' },
    { bad: 'options kvm ignore_msrs=«2»\n', good: 'options kvm ignore_msrs=1\n' },
  ],
  concerns: ({ kind, module }) => kind === 'options' && Object.hasOwn(bools, module),
  *find(node) {
    const switches = bools[node.module] ?? [];
    for (const { name, value, hasEquals } of parametersOf(node)) {
      const isSwitch = hasEquals && switches.includes(canonicalName(name.text));
      // Only the first letters count; quotes and blanks in wrong places have rules of their own.
      if (!isSwitch || value.text === '' || /^(?:[yYnNtTfF10]|[oO][nNfF])/.test(value.text) || !/^\w/.test(value.text))
        continue;
      yield {
        span: spanIn(node.line, value),
        message: `${name.text} takes 1 or 0 (or y, n, on, off). With this value the module is not loaded.`,
      };
    }
  },
});

const bools: Readonly<Record<string, readonly string[]>> = {
  vfio_pci: ['nointxmask', 'disable_vga', 'disable_idle_d3', 'enable_sriov', 'disable_denylist'],
  vfio_iommu_type1: ['allow_unsafe_interrupts', 'disable_hugepages'],
  kvm: ['ignore_msrs', 'report_ignored_msrs'],
  kvm_intel: ['nested', 'ept', 'vpid', 'unrestricted_guest'],
  kvm_amd: ['npt', 'avic'],
};
