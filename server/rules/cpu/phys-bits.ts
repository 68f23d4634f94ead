import { property, stored, textOfProperty } from '../../languages/vmConf/config.ts';
import { cpuFlags } from '../../languages/vmConf/cpu.ts';
import { tokenSpan } from '../../text/span.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import { atProperty, observed, startRule } from '../startRule.ts';

export const physBits = startRule({
  id: 'cpu/phys-bits',
  severity: 'warning',
  since: '9.1.7',
  docs: {
    what: 'An OVMF guest with a CPU type built on kvm64 or qemu64 has `phys-bits` above 40 (`host` counts as what the host has) and no `+pdpe1gb`.',
    why: 'OVMF holds a CPU without 1 GiB pages to 40 address bits: large BARs of a passed-through GPU get no place. The start warns of it.',
    source: observed('QemuServer/CPUConfig.pm'),
  },
  examples: [
    {
      bad: 'bios: ovmf\ncpu: qemu64,phys-bits=«46»\n',
      fixed: 'bios: ovmf\ncpu: qemu64,phys-bits=46,flags=+pdpe1gb\n',
      good: 'bios: ovmf\ncpu: qemu64,phys-bits=46,flags=+pdpe1gb\n',
    },
  ],
  needs: ['cpu.phys-bits'],
  *find({ settings, file, world }) {
    const entry = settings.entry('cpu');
    const type = textOfProperty(entry, 'cputype') ?? '';
    if (!entry || stored(settings, 'bios') !== 'ovmf' || !/^(?:kvm64|qemu64|x86-64-v[0-9])/.test(type)) return;
    const given = textOfProperty(entry, 'phys-bits');
    const bits = given === 'host' ? inventoryOf(world, file)?.cpu?.physicalBits : Number(given ?? 0);
    if (bits === undefined || bits <= 40) return;
    if (cpuFlags(property(entry, 'flags')?.value).some(flag => flag.on && flag.name === 'pdpe1gb')) return;
    const flags = property(entry, 'flags')?.value;
    const where = flags ?? entry.value;
    const added = `${flags ? ';' : ',flags='}+pdpe1gb`;
    yield {
      fixes: [
        fixIn(file, 'Add +pdpe1gb', { span: { ...tokenSpan(entry.line, where), start: where.end }, text: added }),
      ],
      span: atProperty(entry, 'phys-bits'),
      message: `OVMF keeps ${type} to 40 address bits without 1 GiB pages. Add flags=+pdpe1gb, or use cpu: host.`,
    };
  },
});
