import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deviceLabel, functionAt, type Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';

const folder = fileURLToPath(new URL('../listings', import.meta.url));
const listing = (name: string): string => readFileSync(`${folder}/${name}.txt`, 'utf8');

const known = new Map<string, Inventory>();

/** What a listing says, as it is; read once. */
function inventoryOf(name: string): Inventory {
  const inventory = known.get(name) ?? parseListing(listing(name));
  known.set(name, inventory);
  return inventory;
}

/** Public listing → functions, IOMMU groups, functions with a driver, known to have none, with a name; and one of them. */
const expected: readonly [string, number, number, number, number, number, string, string][] = [
  ['01', 44, 8, 0, 0, 10, '0000:23:00.0', 'GeForce GTX 1060 6GB'],
  ['02', 44, 24, 0, 0, 39, '0000:26:00.0', 'Radeon RX 470/480/570/570X/580/580X'],
  ['03', 19, 15, 0, 0, 19, '0000:01:00.0', 'Quadro K2000M'],
  ['04', 21, 10, 0, 0, 16, '0000:01:00.0', 'GeForce MX150'],
  ['05', 17, 11, 0, 0, 14, '0000:01:00.0', 'GeForce GTX 1060 Mobile'],
  ['06', 31, 23, 0, 0, 26, '0000:01:00.0', 'Radeon HD 7970/8970 OEM / R9 280X'],
  ['07', 28, 20, 0, 0, 14, '0000:05:00.0', 'Cezanne'],
  ['08', 43, 36, 39, 4, 22, '0000:03:00.0', 'Radeon RX 6700/6700 XT / 6800M'],
  ['09', 40, 25, 0, 0, 38, '0000:04:00.0', 'Radeon 540/540X/550/550X / RX 540X/550/550X'],
  ['10', 50, 25, 2, 0, 40, '0000:04:00.0', 'Radeon 540/540X/550/550X / RX 540X/550/550X'],
  ['11', 54, 39, 0, 0, 53, '0000:0b:00.0', 'GeForce GTX 1080 Ti'],
  ['12', 67, 40, 0, 0, 67, '0000:08:00.0', 'GeForce GTX 1080'],
  ['13', 84, 61, 0, 0, 84, '0000:01:00.1', 'MGA G200EH'],
  ['14', 27, 0, 21, 6, 26, '0000:06:00.0', 'ASPEED Graphics Family'],
  ['15', 27, 19, 0, 0, 26, '0000:06:00.0', 'ASPEED Graphics Family'],
  ['16', 21, 0, 16, 5, 21, '0000:02:00.0', 'MGA G200e [Pilot] ServerEngines (SEP1)'],
  ['17', 21, 15, 0, 0, 21, '0000:02:00.0', 'MGA G200e [Pilot] ServerEngines (SEP1)'],
  ['18', 24, 1, 17, 7, 24, '0000:04:00.0', 'ASPEED Graphics Family'],
  ['19', 24, 20, 0, 0, 24, '0000:04:00.0', 'ASPEED Graphics Family'],
  ['20', 20, 0, 17, 3, 20, '0000:01:00.0', 'GeForce RTX 3050 6GB'],
  ['21', 21, 15, 0, 0, 21, '0000:01:00.0', 'GeForce GT 1030'],
  ['22', 26, 0, 23, 3, 26, '0000:01:00.0', 'Quadro P1000 Mobile'],
  ['23', 22, 0, 20, 2, 21, '0000:00:14.3', 'Alder Lake-P PCH CNVi WiFi'],
  ['24', 483, 462, 0, 0, 3, '0000:03:00.0', 'ASPEED Graphics Family'],
  ['25', 17, 17, 0, 0, 16, '0000:03:00.0', 'Radeon RX 6700/6700 XT / 6800M'],
  ['26', 7, 7, 7, 0, 5, '0000:66:00.0', 'Phoenix3'],
  ['27', 40, 0, 22, 18, 40, '0000:29:00.0', 'GeForce GTX 1080 Ti'],
  ['28', 46, 0, 0, 0, 46, '0000:00:0f.0', 'SVGA II Adapter'],
  ['29', 198, 0, 6, 0, 39, '0000:01:00.0', 'RTX 6000 Ada Generation'],
  ['30', 113, 0, 3, 0, 23, '0000:c1:00.0', 'RTX 6000 Ada Generation'],
  ['31', 7, 0, 0, 0, 7, '0000:07:00.0', 'I350 Gigabit Network Connection'],
  ['32', 30, 20, 3, 0, 30, '0000:01:00.0', 'GeForce RTX 5080 Max-Q / Mobile'],
  ['33', 16, 0, 0, 0, 16, '0000:03:00.0', 'NetXtreme BCM5719 Gigabit Ethernet PCIe'],
  ['34', 55, 45, 26, 29, 54, '0000:21:00.0', 'GeForce GTX 1080'],
  ['35', 11, 5, 0, 0, 8, '0000:07:00.0', 'GeForce RTX 4070 Max-Q / Mobile'],
  ['36', 4, 3, 2, 0, 2, '0000:01:00.0', 'NVIDIA VGA compatible controller 10de:27b0'],
  ['37', 22, 0, 17, 5, 19, '0000:00:02.0', 'Iris Xe Graphics'],
];

/** Addresses that stand in the text but not as a device of a listing: an error message, a path in XML. */
const mentioned: Readonly<Record<string, readonly string[]>> = { '26': ['0000:00:08.3'], '31': ['0000:80:01.0'] };

suite('public listings', () => {
  test('each has a row', () => {
    assert.deepEqual(
      expected.map(([name]) => `${name}.txt`),
      readdirSync(folder)
        .filter(name => name !== 'README.md')
        .sort(),
    );
  });

  for (const [name, functions, groups, withDriver, withoutDriver, named, address, label] of expected) {
    test(`${name}: ${functions} functions in ${groups} groups`, () => {
      const inventory = inventoryOf(name);
      const count = (holds: (fn: Inventory['functions'][number]) => boolean) =>
        inventory.functions.filter(holds).length;
      assert.equal(inventory.functions.length, functions);
      assert.equal(groupsOf(inventory).size, groups);
      assert.equal(
        count(fn => typeof fn.driver === 'string'),
        withDriver,
      );
      assert.equal(
        count(fn => fn.driver === null),
        withoutDriver,
      );
      assert.equal(
        count(fn => fn.deviceName !== undefined),
        named,
      );
      assert.equal(deviceLabel(at(inventory, address)), label);
      assert.deepEqual(inventory.gaps, [...new Set(inventory.gaps)]);
    });

    test(`${name}: counted in another way`, () => {
      const text = listing(name);
      const inventory = inventoryOf(name);
      const skipped = new Set(mentioned[name]);
      const addresses = [...allAddresses(text)].filter(found => !skipped.has(found));
      const found = new Set<string>(inventory.functions.map(fn => fn.address));
      assert.deepEqual(
        addresses.filter(wanted => !found.has(wanted)),
        [],
      );
      // The tree of `lspci -t` writes bus and function apart, so that only their number can be compared.
      assert.equal(functions, Math.max(addresses.length, branches(text)));
      // Where a text shows a device several times, its last lines count.
      for (const [device, driver] of new Map(driversBelow(text))) {
        assert.equal(at(inventory, device).driver, /^none$/i.test(driver) ? null : driver, device);
      }
      for (const [device, group] of groupsFitFor(name) ? new Map(groupsOnLines(text)) : []) {
        assert.equal(at(inventory, device).iommuGroup, group, device);
      }
      for (const [device, ids] of new Map(idsOnLines(text))) {
        const fn = at(inventory, device);
        assert.equal(`${fn.vendorId}:${fn.deviceId}`, ids, device);
      }
    });
  }
});

suite('listings in other clothes', () => {
  const clothes: Readonly<Record<string, (text: string) => string>> = {
    'with Windows line ends': text => text.replaceAll('\n', '\r\n'),
    'quoted in a mail': text => text.replace(/^/gm, '> '),
    'quoted twice': text => text.replace(/^/gm, '>> '),
    indented: text => text.replace(/^(?=.)/gm, '    '),
    'with blanks at the ends': text => text.replace(/$/gm, '  '),
    'in a fence': text => `Here it is:\n\n\`\`\`\n${text}\n\`\`\`\nThanks!`,
    'with a byte order mark': text => `\ufeff${text}`,
    'with colours': text => text.replace(/^(?=[0-9a-f]{2}:)/gm, '\u001b[01;31m').replace(/$/gm, '\u001b[0m'),
  };
  for (const [how, dress] of Object.entries(clothes)) {
    test(how, () => {
      for (const [name] of expected) {
        // A first line with its own ornament decides about nothing, but it would be dressed twice.
        const text = listing(name).replace(/^# source.*\n/, '');
        assert.deepEqual(parseListing(dress(text)).functions, parseListing(text).functions, name);
      }
    });
  }

  test('with tabs turned into blanks, or indentation lost', () => {
    for (const name of ['03', '08', '14', '15', '16', '20', '21', '23', '28', '32', '37']) {
      const text = listing(name);
      assert.deepEqual(parseListing(text.replaceAll('\t', '        ')).functions, parseListing(text).functions, name);
      assert.deepEqual(parseListing(text.replace(/^[ \t]+/gm, '')).functions, parseListing(text).functions, name);
    }
  });

  test('as a list in markdown', () => {
    const text = listing('21').replace(/^(?=IOMMU)/gm, '- ');
    assert.deepEqual(parseListing(text).functions, parseListing(listing('21')).functions);
  });

  test('in upper case hexadecimal', () => {
    const text =
      'IOMMU Group 4 0000:0B:00.0 VGA compatible controller [0300]: NVIDIA Corporation Device [10DE:2684] (rev A1)';
    const [fn] = parseListing(text).functions;
    assert.deepEqual([fn?.address, fn?.deviceId, fn?.revision, fn?.iommuGroup], ['0000:0b:00.0', '2684', 'a1', 4]);
  });

  test('broken in two by a terminal', () => {
    const text = [
      'IOMMU Group 1 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GA104 [GeForce RTX 3060 Ti Lite Hash Rate] [10de:',
      '2489] (rev a1)',
      'IOMMU Group 1 01:00.1 Audio device [0403]: NVIDIA Corporation GA104 High Definition',
      'Audio Controller [10de:228b] (rev a1)',
    ].join('\n');
    const [vga, audio] = parseListing(text).functions;
    assert.deepEqual([vga?.vendorId, vga?.deviceId, vga?.iommuGroup], ['10de', '2489', 1]);
    assert.deepEqual([audio?.deviceId, audio?.deviceName], ['228b', 'GA104 High Definition Audio Controller']);
  });
});

function at(inventory: Inventory, address: string): Inventory['functions'][number] {
  const fn = functionAt(inventory, parsePciAddress(address)!);
  assert.ok(fn, `${address} is missing`);
  return fn;
}

const groupsOf = (inventory: Inventory): Set<number> =>
  new Set(inventory.functions.flatMap(fn => (typeof fn.iommuGroup === 'number' ? [fn.iommuGroup] : [])));

/** Whatever looks like an address, in the canonical spelling. */
const allAddresses = (text: string): Set<string> =>
  new Set((text.match(/\b(?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\b/gi) ?? []).map(canonical));

const branches = (text: string): number => (text.match(/-[0-9a-f]{2}\.[0-7](?= |-|$)/gm) ?? []).length;

const canonical = (address: string): string =>
  (/^[0-9a-f]{4,5}:../i.test(address) ? address : `0000:${address}`).toLowerCase();

function* driversBelow(text: string): Generator<[string, string]> {
  let address = '';
  for (const line of text.split('\n')) {
    address =
      /(?:^|\s|\*|Slot:\t)((?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]) [A-Z]/.exec(line)?.[1] ?? address;
    const driver = /^\s+(?:Kernel driver in use|Driver): (\S+)/.exec(line)?.[1];
    if (driver && address) yield [canonical(address), driver];
  }
}

/** Not those where a tree draws groups as bare numbers, and where two states or quoted prose stand side by side. */
const groupsFitFor = (name: string): boolean => !['10', '12', '26', '27', '35', '36'].includes(name);

function* groupsOnLines(text: string): Generator<[string, number]> {
  let heading: number | undefined;
  for (const line of text.split('\n')) {
    const group = /\bgroup:?\s+(\d+)(?![:\d.])/i.exec(line)?.[1];
    const address = /\b(?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\b/i.exec(line)?.[0];
    if (group && !address && /^\W*(?:IOMMU )?group/i.test(line)) heading = Number(group);
    const number = group && address ? Number(group) : heading;
    if (address && number !== undefined) yield [canonical(address), number];
  }
}

function* idsOnLines(text: string): Generator<[string, string]> {
  for (const line of text.split('\n')) {
    const found = /((?:[0-9a-f]{4,5}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]) .*\[([0-9a-f]{4}:[0-9a-f]{4})\]/.exec(line);
    if (found) yield [canonical(found[1]!), found[2]!];
  }
}
