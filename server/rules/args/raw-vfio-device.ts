import type { SourceFile } from '../../languages/language.ts';
import { type Entry, type Settings, stored } from '../../languages/vmConf/config.ts';
import { type Edit, insertLine } from '../../text/edit.ts';
import { span, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { readIn, startRule } from '../startRule.ts';

export const rawVfioDevice = startRule({
  id: 'args/raw-vfio-device',
  severity: 'warning',
  docs: {
    what: '`args:` passes a PCI device through itself (`-device vfio-pci,host=…` or `sysfsdev=`).',
    why: 'Proxmox does not see the device then: nothing binds it to vfio-pci, resets it, reserves it against other VMs or keeps the VM from migrating.',
    source: readIn('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'args: «-device vfio-pci,host=01:00.0»\n',
      fixed: 'hostpci0: 01:00.0\n',
      good: 'args: -set device.hostpci0.x-igd-lpc=on\nhostpci0: 01:00.0\n',
    },
    {
      bad: 'args: -smbios type=0 «-device vfio-pci,host=0000:02:00.0,id=gpu,x-vga=on,romfile=/usr/share/kvm/gpu.rom» -S\nhostpci0: 01:00.0\nmachine: q35\n',
      fixed:
        'hostpci1: 0000:02:00.0,pcie=1,romfile=gpu.rom,x-vga=1\nargs: -smbios type=0 -S\nhostpci0: 01:00.0\nmachine: q35\n',
      good: 'hostpci0: 01:00.0\n',
    },
  ],
  needs: ['args'],
  *find({ settings, file }) {
    const entry = settings.entry('args');
    if (!entry) return;
    for (const found of entry.value.text.matchAll(/-device[ \t]+['"]?vfio-pci(?:-nohotplug)?,[^ \t]+/g)) {
      if (!/[,'"](?:host|sysfsdev)=/.test(found[0])) continue;
      const start = entry.value.start + found.index;
      yield {
        span: tokenSpan(entry.line, { text: found[0], start, end: start + found[0].length }),
        message:
          'Proxmox does not see a device that args pass through: no binding, reset or reservation. Use a hostpci line.',
        fixes: fixesOf(file, settings, entry, found[0], start),
      };
    }
  },
});

/** What QEMU and Proxmox set by themselves, and may be left out. */
const needless = new Set(['id', 'bus', 'addr', 'multifunction', 'rombar']);

/** A `hostpciN` line of the same device; none where the argument says something that such a line cannot. */
function fixesOf(file: SourceFile, settings: Settings, args: Entry, text: string, start: number): readonly Fix[] {
  const pairs = new Map(
    text
      .split(',')
      .slice(1)
      .map(part => part.split('='))
      .map(([name = '', value = '']) => [name, value] as const),
  );
  const [host, vga, rom] = ['host', 'x-vga', 'romfile'].map(name => pairs.get(name));
  const others = [...pairs.keys()].filter(name => !['host', 'x-vga', 'romfile'].includes(name) && !needless.has(name));
  const romName = rom?.replace(/^\/usr\/share\/kvm\//, '');
  if (!/^(?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(host ?? '') || others.length > 0) return [];
  if (/['"]/.test(text) || romName?.includes('/') || /^(?:0|off)$/.test(pairs.get('rombar') ?? '')) return [];
  const taken = new Set(settings.family('hostpci').map(({ index }) => index));
  const index = Array.from({ length: 16 }, (_, at) => at).find(at => !taken.has(at));
  if (index === undefined) return [];
  const isOn = vga === 'on' || vga === '1';
  const parts = [
    stored(settings, 'machine')?.includes('q35') && 'pcie=1',
    romName && `romfile=${romName}`,
    isOn && 'x-vga=1',
  ];
  const line = `hostpci${index}: ${[host, ...parts.filter(Boolean)].join(',')}`;
  return [fixIn(file, `Move it to hostpci${index}`, ...moved(file, args, line, start, text.length))];
}

function moved(
  { lines }: SourceFile,
  { line, value }: Entry,
  added: string,
  start: number,
  length: number,
): readonly Edit[] {
  const isAll = value.text.trim().length === length;
  if (isAll) return [{ span: span(line, 0, lines[line]?.length ?? 0), text: added }];
  const before = start > value.start ? 1 : 0;
  const after = before === 0 ? 1 : 0;
  return [insertLine(lines, line, added), { span: span(line, start - before, start + length + after), text: '' }];
}
