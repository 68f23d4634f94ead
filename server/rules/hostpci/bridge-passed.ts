import type { PciFunction } from '../../../host/inventory.ts';
import { deviceRule, named } from '../deviceRule.ts';
import { noStart } from '../startRule.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:01.0
  class: 0604
  bridge: yes
0000:00:1f.0
  class: 0601
0000:01:00.0
  class: 0300
== end
`;

export const bridgePassed = deviceRule({
  id: 'hostpci/bridge-passed',
  severity: 'error',
  docs: {
    what: 'A `hostpci` entry names a bridge: a root port, a switch, a host or ISA bridge.',
    why: 'vfio takes endpoints only. With a PCI bridge the VM does not start; host and ISA bridges belong to the board, and a guest cannot use them.',
    source: 'kernel, drivers/vfio/pci/vfio_pci_core.c: header type 0 only',
  },
  examples: [{ bad: 'hostpci0: «00:01.0»\nhostpci1: «00:1f.0»\n', good: 'hostpci0: 01:00.0\n', host }],
  *find({ handover: { passed } }) {
    const bridge = passed.find(({ fn }) => fn.isBridge === true || fn.classId?.startsWith('06'));
    if (!bridge) return;
    yield isPciBridge(bridge.fn)
      ? {
          span: bridge.span,
          message: `${named(bridge.fn)} is a bridge, and those cannot be passed through. ${noStart} Name the device behind it.`,
        }
      : {
          span: bridge.span,
          severity: 'warning',
          message: `${named(bridge.fn)} belongs to the board; a guest has no use for it. Name the function that it is to get.`,
        };
  },
});

const isPciBridge = (fn: PciFunction): boolean => fn.isBridge === true || fn.classId === '0604';
