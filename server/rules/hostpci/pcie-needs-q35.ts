import type { SourceFile } from '../../languages/language.ts';
import { configOf, isFlagOn, property } from '../../languages/vmConf/config.ts';
import { addEntry, removePart, setProperty } from '../../languages/vmConf/edits.ts';
import { type MachineType, machineOf } from '../../languages/vmConf/machine.ts';
import type { VmConf } from '../../languages/vmConf/tree.ts';
import { tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { noStart, observed, startRule } from '../startRule.ts';

export const pcieNeedsQ35 = startRule({
  id: 'hostpci/pcie-needs-q35',
  severity: 'error',
  docs: {
    what: 'A `hostpci` entry asks for PCI Express (`pcie=1`) on a machine type that has no PCIe bus.',
    why: 'Only `q35` has one. With any other machine type, and without a `machine:` line, the VM refuses to start.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 0000:01:00,pcie=«1»\nname: gaming\n',
      fixed: 'hostpci0: 0000:01:00,pcie=1\nmachine: q35\nname: gaming\n',
      good: 'hostpci0: 0000:01:00,pcie=1\nmachine: q35\nname: gaming\n',
    },
    {
      bad: 'hostpci0: mapping=gpu,pcie=«on»\nmachine: pc-i440fx-9.2+pve1\n',
      fixed: 'hostpci0: mapping=gpu,pcie=on\nmachine: pc-q35-9.2+pve1\n',
      good: 'hostpci0: mapping=gpu\nmachine: pc-i440fx-9.2+pve1\n',
    },
  ],
  needs: ['hostpciN.pcie'],
  *find({ settings, file }) {
    const machine = machineOf(settings);
    if (machine.isQ35) return;
    for (const entry of settings.family('hostpci')) {
      const pcie = property(entry, 'pcie');
      if (!pcie || !isFlagOn(entry, 'pcie')) continue;
      yield {
        span: tokenSpan(entry.line, pcie.value),
        message: `pcie=1 needs machine type q35, and this VM has ${shown(machine)}. ${noStart} Use q35, or leave out pcie=1.`,
        fixes: [
          useQ35(file, machine),
          fixIn(file, `Leave out pcie=${pcie.value.text}`, removePart(file.tree, entry.line, pcie.part)),
        ],
      };
    }
  },
});

const shown = (machine: MachineType): string => (machine.token ? machine.text : `${machine.text} by default`);

/** Keeps the version of a versioned type, so that nothing else about the machine changes. */
function useQ35(file: SourceFile<VmConf>, machine: MachineType): Fix {
  const type = machine.text.replace(/^pc(?:-i440fx)?-(?=[0-9])/, 'pc-q35-');
  const q35 = type.includes('q35') ? type : 'q35';
  const edit = machine.entry
    ? machineEdit(machine, q35)
    : addEntry(file.tree, configOf(file).main.section, 'machine', q35);
  return fixIn(file, `Use machine type ${q35}`, edit);
}

/** A `machine:` line without a type (`viommu=virtio`) gets one in front. */
function machineEdit(machine: MachineType, type: string) {
  const entry = machine.entry as NonNullable<MachineType['entry']>;
  if (machine.token) return setProperty(entry, 'type', type);
  return { span: tokenSpan(entry.line, { ...entry.value, end: entry.value.start }), text: `${type},` };
}
