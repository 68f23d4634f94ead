import type { PciFunction } from '../../../host/inventory.ts';
import { isFlagOn, property } from '../../languages/vmConf/config.ts';
import { setProperty } from '../../languages/vmConf/edits.ts';
import { machineOf, windowsVersionOf } from '../../languages/vmConf/machine.ts';
import { deviceRule } from '../deviceRule.ts';
import { fixIn } from '../edits.ts';
import { readIn } from '../startRule.ts';

const host =
  'hostpci snapshot 1\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n0000:02:00.0\n  class: 0403\n== end\n';

export const q35WithoutPcie = deviceRule({
  id: 'hostpci/q35-without-pcie',
  severity: 'hint',
  docs: {
    what: 'On a q35 machine a graphics card, NVMe disk or network card is passed through without `pcie=1`. Integrated devices, virtual functions and old Windows guests are not meant.',
    why: 'The guest sees it on a conventional PCI bus then. Most drivers do not mind; some (AMD graphics above all) want PCI Express.',
    source: `${readIn('QemuServer/PCI.pm')}; pve-docs, qm-pci-passthrough.adoc`,
  },
  examples: [
    {
      bad: 'hostpci0: «01:00.0»\nmachine: q35\n',
      fixed: 'hostpci0: 01:00.0,pcie=1\nmachine: q35\n',
      good: 'hostpci0: 01:00.0,pcie=1\nhostpci1: 02:00.0\nmachine: q35\n',
      host,
    },
  ],
  *find({ handover: { entry, passed, kind }, settings, file }) {
    const windows = windowsVersionOf(settings);
    if (kind !== 'whole' || !machineOf(settings).isQ35 || (windows !== undefined && windows < 8)) return;
    if (isFlagOn(entry, 'pcie') || isFlagOn(entry, 'legacy-igd')) return;
    const [first] = passed;
    if (!first || property(entry, 'pcie') || !wantsExpress(first.fn)) return;
    yield {
      span: first.span,
      message: 'The guest sees this device on a conventional PCI bus. Add pcie=1, best before its driver is installed.',
      fixes: [fixIn(file, 'Add pcie=1', setProperty(entry, 'pcie', '1'))],
    };
  },
});

const wantsExpress = (fn: PciFunction): boolean =>
  /^(?:0300|0302|0380|0108|02)/.test(fn.classId ?? '') && !fn.physicalFunction && !/^[0-9a-f]+:00:/.test(fn.address);
