import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emptyInventory, type Inventory, type PciFunction } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';
import { renderSnapshot } from '../../host/render.ts';
import { isSnapshot, parseSnapshot } from '../../host/snapshot.ts';

const below = (path: string): [string, string][] => {
  const folder = fileURLToPath(new URL(path, import.meta.url));
  const names = readdirSync(folder).filter(name => !name.endsWith('.md'));
  return names.map(name => [name, readFileSync(`${folder}/${name}`, 'utf8')]);
};
const demo = readFileSync(new URL('../snapshots/demo.snapshot', import.meta.url), 'utf8');
const address = (text: string) => parsePciAddress(text)!;

suite('snapshots', () => {
  test('what was rendered is read back, from every listing', () => {
    for (const [name, text] of below('../listings')) {
      const inventory = parseListing(text);
      assert.deepEqual(parseSnapshot(renderSnapshot(inventory)), inventory, name);
    }
  });

  test('what was rendered is read back, from every snapshot', () => {
    for (const [name, text] of below('../snapshots')) {
      const inventory = parseSnapshot(text);
      assert.ok(inventory.functions.length > 0, name);
      assert.deepEqual(parseSnapshot(renderSnapshot(inventory)), inventory, name);
    }
  });

  test('the demo host has no gaps and is rendered as it stands', () => {
    const inventory = parseSnapshot(demo);
    assert.deepEqual(inventory.gaps, []);
    assert.equal(renderSnapshot(inventory), demo);
  });

  test('an inventory about which nothing is known', () => {
    assert.deepEqual(parseSnapshot(renderSnapshot(emptyInventory)), emptyInventory);
  });

  test('every field, with texts that look like something else', () => {
    for (const nasty of nastyTexts) {
      const inventory = fullInventory(nasty);
      const again = parseSnapshot(renderSnapshot(inventory));
      for (const key of Object.keys(inventory) as (keyof Inventory)[]) {
        assert.deepEqual(again[key], inventory[key], `${key} with ${JSON.stringify(nasty)}`);
      }
    }
  });

  test('lists that are known to be empty stay known', () => {
    const empty: Inventory = {
      ...emptyInventory,
      complete: true,
      iommus: [],
      loadedModules: new Set(),
      builtinModules: new Set(),
      missingModules: new Set(),
      initramfs: [],
      storages: [],
      bridges: [],
      guests: [],
      reservations: [],
      groupsWithDirectRegions: [],
      romFiles: [],
      deviceNodes: [],
      kernelMessages: [],
      kernel: { ...emptyInventory.kernel, installed: [] },
      cluster: { name: undefined, quorate: undefined, nodes: [] },
    };
    assert.deepEqual(parseSnapshot(renderSnapshot(empty)), empty);
  });
});

suite('snapshots as they arrive', () => {
  const whole = parseSnapshot(demo);

  test('with Windows line ends, below a banner, with a farewell', () => {
    const text = `Linux pve1 6.17\r\n\r\nLast login: today\r\n${demo.replaceAll('\n', '\r\n')}Connection closed.\r\n`;
    assert.deepEqual(parseSnapshot(text), whole);
    assert.equal(isSnapshot(text), true);
  });

  test('something else', () => {
    for (const text of ['', 'nothing', '00:00.0 Host bridge: Intel', '{"version":1}']) {
      assert.deepEqual(parseSnapshot(text).functions, []);
      assert.match(parseSnapshot(text).gaps.join(), /not a snapshot/);
      assert.equal(isSnapshot(text), false);
    }
  });

  test('of a newer format, with sections and keys that are not known here', () => {
    const newer = demo
      .replace('hostpci snapshot 1', 'hostpci snapshot 2')
      .replace('== bridges: ok', '== thermal zones: ok\nzone0\n  hot: yes\n\n== bridges: ok')
      .replace('  boot-vga: no\n', '  boot-vga: no\n  colour: green\n');
    const { gaps, ...rest } = parseSnapshot(newer);
    assert.deepEqual(rest, (({ gaps: _, ...others }) => others)(whole));
    assert.match(gaps.join('\n'), /format 2/);
    assert.match(gaps.join('\n'), /"thermal zones" is unknown/);
    assert.match(gaps.join('\n'), /unknown key "colour"/);
  });

  test('sections that could not be read are gaps, those that the host does not have are none', () => {
    const text = [
      'hostpci snapshot 1',
      '== kernel messages: unreadable, Operation not permitted',
      '== storages: absent, no Proxmox VE',
      '== guests: partly, some files were locked',
      '100',
      '  kind: qemu',
      '== files: ok',
      '/etc/shadow',
      '  ? not permitted',
      '/etc/modules',
      '  | vfio',
      '== end',
      '',
    ].join('\n');
    const inventory = parseSnapshot(text);
    assert.deepEqual(inventory.gaps, [
      'kernel messages: could not be read (Operation not permitted)',
      'guests: incomplete (some files were locked)',
      'files: /etc/shadow: not permitted',
    ]);
    assert.deepEqual(
      [inventory.kernelMessages, inventory.storages, inventory.guests?.length],
      [undefined, undefined, 1],
    );
    assert.deepEqual([...inventory.files], [['/etc/modules', { text: 'vfio\n', modifiedAt: undefined }]]);
  });

  test('cut anywhere, they say so and say nothing that is wrong', () => {
    for (let length = 0; length < demo.length - 7; length += 37) {
      const inventory = parseSnapshot(demo.slice(0, length));
      assert.match(inventory.gaps.join(), length < 19 ? /not a snapshot/ : /was cut/, `${length}`);
      assertPartOf(inventory, whole, length);
    }
  });

  test('with a line lost or garbled anywhere, the rest is read', () => {
    const lines = demo.split('\n');
    for (let index = 1; index < lines.length - 2; index += 3) {
      const garbled = lines.with(index, `\u0000\ufffd${lines[index]}`).join('\n');
      const lost = lines.toSpliced(index, 1).join('\n');
      for (const text of [garbled, lost]) assert.ok(parseSnapshot(text).functions.length >= whole.functions.length - 1);
    }
  });
});

/** What is known in `part` is what is known in `whole`: no half lines, no half lists, no half files. */
function assertPartOf(part: Inventory, whole: Inventory, length: number): void {
  const where = `cut at ${length}`;
  const lists = [
    'loadedModules',
    'builtinModules',
    'missingModules',
    'storages',
    'bridges',
    'guests',
    'romFiles',
    'deviceNodes',
    'initramfs',
  ] as const;
  for (const list of lists) if (part[list] !== undefined) assert.deepEqual(part[list], whole[list], where);
  for (const fn of part.functions) {
    const original = whole.functions.find(other => other.address === fn.address);
    assert.ok(original, where);
    for (const key of Object.keys(fn) as (keyof PciFunction)[]) {
      if (fn[key] !== undefined) assert.deepEqual(fn[key], original[key], `${where}: ${fn.address} ${key}`);
    }
  }
  if (part.complete) assert.equal(part.functions.length, whole.functions.length, where);
  for (const [path, file] of part.files) assert.deepEqual(file, whole.files.get(path), where);
  if (part.kernel.commandLine !== undefined) assert.equal(part.kernel.commandLine, whole.kernel.commandLine, where);
}

const nastyTexts = [
  'plain',
  '',
  'none',
  '?',
  'two words',
  ' blank at both ends ',
  '== end',
  '# no comment',
  '| no text',
  '! "no string"',
  '? no remark',
  '\\ no line end',
  'key: value',
  '"quoted"',
  '"',
  'back\\slash',
  'tab\tulator',
  'line\nbreak',
  'carriage\rreturn',
  'Ünï çödé \u{1F600}',
  'half of a pair \ud83d',
  'nul \u0000 and escape \u001b[0m',
  'line separator \u2028',
];

/** An inventory in which every field is known, with `nasty` wherever a free text stands. */
function fullInventory(nasty: string): Inventory {
  const fn: PciFunction = {
    address: address('10000:01:00.0'),
    classId: '0300',
    className: nasty,
    vendorId: '10de',
    deviceId: '1d01',
    subsystemVendorId: '1043',
    subsystemDeviceId: undefined,
    revision: 'a1',
    vendorName: nasty,
    deviceName: nasty,
    subsystemName: nasty,
    driver: nasty,
    modules: [nasty, 'nouveau'],
    iommuGroup: 12,
    bootVga: true,
    resettable: false,
    resetMethods: ['flr', nasty],
    numaNode: 1,
    driverOverride: nasty,
    isBridge: false,
    physicalFunction: address('01:00.0'),
    virtualFunctions: [address('01:00.1'), address('01:00.2')],
    vfCount: 2,
    vfTotal: 8,
    mdevTypes: [
      { id: nasty, name: nasty, description: nasty, available: 3, interface: 'mdev' },
      { id: 'nvidia-63', name: undefined, description: undefined, available: undefined, interface: 'nvidia' },
    ],
    bars: [
      { index: 0, size: 16777216, prefetchable: false },
      { index: 1, size: 8 * 1024 ** 3, prefetchable: true },
      { index: 5, size: 130, prefetchable: false },
      { index: 2, size: 0, prefetchable: false },
    ],
    hasRom: true,
    interfaces: [nasty, 'card0'],
  };
  return {
    node: nasty,
    takenAt: nasty,
    functions: [{ ...fn, address: address('01:00.0'), driver: null, iommuGroup: null, modules: [], mdevTypes: [] }, fn],
    complete: false,
    kernel: { release: nasty, installed: [nasty], commandLine: nasty, bootedAt: nasty },
    boot: { efi: true, secureBoot: false, loader: 'systemd-boot', proxmoxBootTool: true, pinnedKernel: nasty },
    versions: { pveManager: nasty, qemuServer: nasty, qemu: nasty, guestCommon: nasty, container: nasty, kmod: nasty },
    cpu: {
      vendor: nasty,
      model: nasty,
      family: 6,
      modelNumber: 158,
      threads: 12,
      virtualization: true,
      hypervisor: false,
      physicalBits: 39,
    },
    virtualization: {
      kvm: true,
      kvmAccess: false,
      vhostNet: true,
      tun: false,
      cgroupVersion: 2,
      cgroupControllers: ['cpu', nasty],
    },
    memoryKiB: 32781528,
    iommus: [nasty],
    loadedModules: new Set([nasty, 'vfio_pci']),
    builtinModules: new Set([nasty]),
    moduleParameters: new Map([
      ['vfio_pci', new Map([['ids', nasty]])],
      ['vfio', new Map()],
    ]),
    knownParameters: new Map([
      ['vfio_pci', [nasty, 'ids']],
      ['vfio', []],
    ]),
    missingModules: new Set([nasty]),
    initramfs: [{ kernel: nasty, modifiedAt: nasty, hasVfioPci: false, modprobeConfig: nasty }],
    storages: [
      { id: nasty, type: nasty, content: [nasty], volumes: [nasty, 'local:iso/two words.iso'] },
      { id: 'b', type: undefined, content: [], volumes: [] },
    ],
    bridges: [{ name: nasty, ports: [nasty] }],
    hostNeeds: [
      { address: address('01:00.0'), kind: 'root-disk', detail: nasty },
      { address: address('01:00.0'), kind: 'usb-input', detail: nasty },
    ],
    guests: [
      { vmid: 100, kind: 'qemu', running: true },
      { vmid: 101, kind: 'lxc', running: undefined },
    ],
    reservations: [{ address: address('01:00.0'), vmid: 100 }],
    groupsWithDirectRegions: [3, 14],
    cluster: {
      name: nasty,
      quorate: true,
      nodes: [
        { name: nasty, address: nasty, online: true },
        { name: 'pve2', address: undefined, online: undefined },
      ],
    },
    romFiles: [{ name: nasty, size: 65536, validSignature: true }],
    files: new Map([
      [nasty, { text: nasty, modifiedAt: nasty }],
      ['/etc/modules', { text: `${nasty}\n\n  ${nasty}\n`, modifiedAt: undefined }],
      ['/etc/empty', { text: '', modifiedAt: undefined }],
    ]),
    deviceNodes: [{ path: nasty, address: address('01:00.0') }],
    kernelMessages: [nasty, 'DMAR: IOMMU enabled'],
    packages: new Map([
      ['kmod', nasty],
      ['sysfsutils', undefined],
    ]),
    gaps: [nasty, 'something is missing'],
  };
}
