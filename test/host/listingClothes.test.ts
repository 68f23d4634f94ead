import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { functionAt, type Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';

const listing = (name: string): string =>
  readFileSync(new URL(`../listings/${name}.txt`, import.meta.url), 'utf8').replace(/^# source.*\n/, '');

/** Lists with details below, groups with headings, records, trees, marks of a reset file, listings in markdown. */
const names = ['01', '08', '14', '20', '24', '25', '28', '29', '30', '34', '37'];

const numbered = (text: string, prefix: (line: number) => string): string =>
  text
    .split('\n')
    .map((line, index) => prefix(index + 1) + line)
    .join('\n');

suite('listings that wear something on every line', () => {
  const clothes: Readonly<Record<string, (text: string) => string>> = {
    'numbers of cat -n': text => numbered(text, line => `${String(line).padStart(6)}\t`),
    'numbers of grep -n': text => numbered(text, line => `${line}:`),
    'numbers of a web page': text => numbered(text, line => `${line}. `),
    'an empty line after each': text => text.replaceAll('\n', '\n\n'),
    'a comment mark': text => text.replace(/^/gm, '# '),
    'slashes of a comment': text => text.replace(/^/gm, '// '),
    'a quotation mark without a blank': text => text.replace(/^/gm, '>'),
    'the line ends of an old Mac': text => text.replaceAll('\n', '\r'),
    'tags of a forum at both ends': text => `[CODE]${text.trimEnd()}[/CODE]`,
    'tags of a page at both ends': text => `<pre><code>${text.trimEnd()}</code></pre>`,
  };
  for (const [how, dress] of Object.entries(clothes)) {
    test(how, () => {
      for (const name of names) {
        const text = listing(name);
        assert.deepEqual(parseListing(dress(text)).functions, parseListing(text).functions, name);
      }
    });
  }

  test('addresses that count up are no line numbers', () => {
    const buses = ['03', '04', '05', '06', '07'].map(bus => `${bus}:00.0 0200: 8086:1533`);
    const domains = ['1', '2', '3', '4', '5'].map(domain => `000${domain}:00:00.0 0600: 8086:1533`);
    assert.deepEqual(
      addressesOf(buses.join('\n')),
      ['03', '04', '05', '06', '07'].map(bus => `0000:${bus}:00.0`),
    );
    assert.deepEqual(
      addressesOf(domains.join('\n')),
      ['1', '2', '3', '4', '5'].map(domain => `000${domain}:00:00.0`),
    );
  });
});

suite('listings of groups in other styles', () => {
  const device = '8086:1533';
  const line = (address: string): string => `${address} Ethernet controller [0200]: Intel Corporation I210 [${device}]`;

  const styles: Readonly<Record<string, readonly [text: string, groups: Readonly<Record<string, number>>]>> = {
    'a device without a mark before one with it': [
      `IOMMU group 1\n[RESET]\t${line('00:01.0')}\nIOMMU group 2\n       \t${line('00:02.0')}\n[RESET]\t${line('00:02.1')}\n`,
      { '00:01.0': 1, '00:02.0': 2, '00:02.1': 2 },
    ],
    'the first device on the line of the group': [
      'Group 0:\t[8086:1533]     00:01.0  Host bridge   A\nGroup 1:\t[8086:1533] [R] 00:02.0  PCI bridge   B\n\t\t[8086:1533]     02:00.0  SATA controller   C\n\t\t[8086:1533] [R] 02:00.1  USB controller   D\n',
      { '00:01.0': 0, '00:02.0': 1, '02:00.0': 1, '02:00.1': 1 },
    ],
    Unraid: [
      'IOMMU group 0:\t[8086:1533] 00:00.0 Host bridge: Intel Corporation A (rev 05)\nIOMMU group 1:\t[8086:1533] 00:01.0 PCI bridge: Intel Corporation B\n\t[8086:1533] 01:00.0 VGA compatible controller: Intel Corporation C\n',
      { '00:00.0': 0, '00:01.0': 1, '01:00.0': 1 },
    ],
    'ls of the directories': [
      '/sys/kernel/iommu_groups/0/devices:\n0000:00:00.0\n\n/sys/kernel/iommu_groups/1/devices:\n0000:00:01.0  0000:01:00.0\n0000:01:00.1\n',
      { '00:00.0': 0, '00:01.0': 1, '01:00.0': 1, '01:00.1': 1 },
    ],
    'ls -l': [
      '/sys/kernel/iommu_groups/3/devices/:\ntotal 0\nlrwxrwxrwx 1 root root 0 Nov 22 18:08 0000:00:01.0 -> ../../../../devices/pci0000:00/0000:00:01.0\nlrwxrwxrwx 1 root root 0 Nov 22 18:08 0000:01:00.0 -> ../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0\n',
      { '00:01.0': 3, '01:00.0': 3 },
    ],
    'links with their whole path': [
      'lrwxrwxrwx 1 root root 0 Jan  1 10:00 /sys/kernel/iommu_groups/13/devices/0000:01:00.0 -> ../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0\n/sys/kernel/iommu_groups/14/devices/0000:02:00.0@\n',
      { '01:00.0': 13, '02:00.0': 14 },
    ],
    tree: [
      '/sys/kernel/iommu_groups/\n├── 0\n│   ├── devices\n│   │   └── 0000:00:00.0 -> ../../../../devices/pci0000:00/0000:00:00.0\n│   ├── reserved_regions\n│   └── type\n├── 1\n│   ├── devices\n│   │   ├── 0000:00:01.0 -> ../../x\n│   │   └── 0000:01:00.0 -> ../../x\n│   └── type\n',
      { '00:00.0': 0, '00:01.0': 1, '01:00.0': 1 },
    ],
    'numbered lines without "IOMMU"': [
      '1  Group 0: 0000:00:00.0\n2  Group 1: 0000:00:01.0\n',
      { '00:00.0': 0, '00:01.0': 1 },
    ],
  };
  for (const [style, [text, groups]] of Object.entries(styles)) {
    test(style, () => {
      const found = parseListing(text).functions.map(fn => [fn.address.slice(5), fn.iommuGroup]);
      assert.deepEqual(Object.fromEntries(found), groups);
    });
  }

  test("Unraid's names are those of lspci", () => {
    const [, , text] = styles.Unraid![0].split('\n');
    const fn = at(parseListing(`IOMMU group 1:${text}`), '0000:01:00.0');
    assert.deepEqual(
      [fn.classId, fn.vendorName, fn.deviceName, fn.deviceId],
      ['0300', 'Intel Corporation', 'C', '1533'],
    );
  });

  test('an inline group ends with its list', () => {
    const text = `IOMMU group 1 ${line('00:01.0')}\n\n    ${line('00:02.0')}\n${line('00:03.0')}\n`;
    assert.deepEqual(
      parseListing(text).functions.map(fn => fn.iommuGroup),
      [1, undefined, undefined],
    );
  });

  test('a driver line that was cut off says nothing', () => {
    const text = `${line('00:01.0')}\n\tKernel driver in use: igb\n${line('00:02.0')}\n\tKernel driver in use:`;
    assert.deepEqual(
      parseListing(text).functions.map(fn => fn.driver),
      ['igb', undefined],
    );
  });
});

suite('listings one after the other', () => {
  const line = (address: string): string => `${address} Ethernet controller [0200]: Intel Corporation I210 [8086:1533]`;
  const withDrivers = ['00:01.0', '00:02.0', '00:03.0']
    .map(address => `${line(address)}\n\tKernel driver in use: igb`)
    .join('\n');

  const second: Readonly<Record<string, string>> = {
    'the same without drivers': `${line('00:01.0')}\n${line('00:02.0')}\n${line('00:03.0')}`,
    groups: `IOMMU Group 1 ${line('00:01.0')}\nIOMMU Group 2 ${line('00:02.0')}\nIOMMU Group 2 ${line('00:03.0')}`,
    records: 'Slot:\t00:01.0\nClass:\t0200\n\nSlot:\t00:02.0\nClass:\t0200\n\nSlot:\t00:03.0\nClass:\t0200\n',
    'a tree': '-[0000:00]-+-01.0  Intel Corporation I210\n           +-02.0  Intel\n           \\-03.0  Intel\n',
  };
  for (const [what, text] of Object.entries(second)) {
    test(`${what}: the first one's drivers stay`, () => {
      for (const between of ['\n', '\n\n', '\n\n## second\n\n', '\n```\n\n```\n']) {
        const { functions, gaps } = parseListing(withDrivers + between + text);
        assert.deepEqual(
          functions.map(fn => fn.driver),
          ['igb', 'igb', 'igb'],
        );
        assert.ok(!gaps.some(gap => gap.includes('two states')), gaps.join());
      }
    });
  }

  test('a heading in markdown ends a listing, so that the group below it is none of its last function', () => {
    const text = `${withDrivers}\n\n## Groups\n\n  IOMMU Group: 7\n    Group Device: ${line('0000:00:02.0')}\n`;
    assert.deepEqual(
      parseListing(text).functions.map(fn => fn.iommuGroup),
      [undefined, 7, undefined],
    );
  });
});

suite('tables of devices', () => {
  test('what pvesh prints', () => {
    const text = [
      'root@pve:~# pvesh get /nodes/pve/hardware/pci --pci-class-blacklist ""',
      '┌──────────┬────────┬──────────────┬────────────┬────────┬──────────────────────────┬────────────────────┐',
      '│ class    │ device │ id           │ iommugroup │ vendor │ device_name              │ vendor_name        │',
      '╞══════════╪════════╪══════════════╪════════════╪════════╪══════════════════════════╪════════════════════╡',
      '│ 0x030000 │ 0x1b80 │ 0000:01:00.0 │          1 │ 0x10de │ GP104 [GeForce GTX 1080] │ NVIDIA Corporation │',
      '├──────────┼────────┼──────────────┼────────────┼────────┼──────────────────────────┼────────────────────┤',
      '│ 0x060000 │ 0x191f │ 0000:00:00.0 │         -1 │ 0x8086 │                          │ Intel Corporation  │',
      '└──────────┴────────┴──────────────┴────────────┴────────┴──────────────────────────┴────────────────────┘',
    ].join('\n');
    const inventory = parseListing(text);
    assert.equal(inventory.functions.length, 2);
    const gpu = at(inventory, '0000:01:00.0');
    assert.deepEqual(
      [gpu.classId, gpu.vendorId, gpu.deviceId, gpu.iommuGroup, gpu.vendorName, gpu.deviceName],
      ['0300', '10de', '1b80', 1, 'NVIDIA Corporation', 'GP104 [GeForce GTX 1080]'],
    );
    assert.equal(at(inventory, '0000:00:00.0').iommuGroup, null);
  });

  test('one in markdown', () => {
    const rows = [
      '| Group | Address | Class | IDs | Driver | Name |',
      '|---|---|---|---|---|---|',
      '| 1 | `0000:01:00.0` | VGA compatible controller [0300] | 10de:1b80 | vfio-pci | NVIDIA Corporation GP104 |',
      '| 2 | 02:00.0 | Ethernet controller | [8086:1533] | none | |',
    ];
    const inventory = parseListing(rows.join('\n'));
    const gpu = at(inventory, '0000:01:00.0');
    assert.deepEqual(
      [gpu.classId, gpu.deviceId, gpu.iommuGroup, gpu.driver, gpu.vendorName, gpu.deviceName],
      ['0300', '1b80', 1, 'vfio-pci', 'NVIDIA Corporation', 'GP104'],
    );
    assert.deepEqual([at(inventory, '0000:02:00.0').driver, at(inventory, '0000:02:00.0').deviceId], [null, '1533']);
  });

  test('a table of something else has no devices', () => {
    assert.deepEqual(addressesOf('| time | what | who |\n|---|---|---|\n| 01:00.0 | 02:00.0 | me |\n'), []);
  });
});

const addressesOf = (text: string): readonly string[] => parseListing(text).functions.map(fn => fn.address);

function at(inventory: Inventory, address: string): Inventory['functions'][number] {
  const fn = functionAt(inventory, parsePciAddress(address)!);
  assert.ok(fn, `${address} is missing`);
  return fn;
}
